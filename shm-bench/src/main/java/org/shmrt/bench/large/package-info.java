/**
 * The benchmark of large frames, files and reservations, compared with plain copies and with C.
 */
package org.shmrt.bench.large;
