/**
 * The latency rig: two processes that send each other messages through shared memory, in Java and in C, run by
 * turns so that both meet the same machine. Start it with {@code shm-bench/bin/latency}.
 */
package org.shmrt.bench.rig;
