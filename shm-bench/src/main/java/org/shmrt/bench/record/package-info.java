/**
 * The benchmark of recordings: the recorder against dd, the processor time that it takes, what it costs the writer, and the
 * timing of replays. The launcher is {@code shm-bench/bin/recording}.
 */
package org.shmrt.bench.record;
