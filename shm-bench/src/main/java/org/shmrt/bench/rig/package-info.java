/**
 * The latency rig: two processes send each other messages through shared memory, in Java and in C. Runs of the programs
 * that are compared are interleaved, so that both meet the same state of the machine. Start it with
 * {@code shm-bench/bin/latency}.
 */
// Arrows between the packages of the rig: scenario <- loop <- process <- report <- rig.
package org.shmrt.bench.rig;
