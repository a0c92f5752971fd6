/**
 * Stress tests of the memory order, run by jcstress: what a reader can and must not see of the frames of a concurrent
 * writer. Run them with {@code shm-bench/bin/stress}. They write and read through the public API of streams; a second
 * mapping of the file plays the other program where one is needed.
 */
package org.shmrt.bench.jcstress;
