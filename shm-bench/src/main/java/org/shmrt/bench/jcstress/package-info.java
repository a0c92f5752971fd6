/**
 * Stress tests of the memory order, run by jcstress: what one thread may see of another's frames, and what never.
 * Run them with {@code shm-bench/bin/stress}. They use the public interface of the streams alone.
 */
package org.shmrt.bench.jcstress;
