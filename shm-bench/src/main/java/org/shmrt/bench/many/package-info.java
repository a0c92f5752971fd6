/**
 * The benchmark of many streams, readers and writers: what each costs, and whether a thousand cost a hundred times as
 * much as ten.
 */
package org.shmrt.bench.many;
