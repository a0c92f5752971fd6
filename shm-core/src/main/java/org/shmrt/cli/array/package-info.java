/** The verbs of {@code shm array}. */
package org.shmrt.cli.array;
