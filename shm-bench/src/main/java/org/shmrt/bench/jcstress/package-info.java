/**
 * Stress tests of the memory order, run by jcstress: what a reader can and must not see of the frames of a concurrent
 * writer. Run them with {@code shm-bench/bin/stress}. They use only the public API of streams.
 */
package org.shmrt.bench.jcstress;
