/**
 * The benchmark of recordings: the recorder and its extracts against dd, the processor time that it takes, what it costs a
 * writer and a control loop, and the timing of replays. The launcher is {@code shm-bench/bin/recording}.
 */
package org.shmrt.bench.record;
