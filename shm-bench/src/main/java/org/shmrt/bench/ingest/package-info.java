/**
 * The ingest benchmark: how fast frames come in from pipes, packets and cameras, compared with programs that do nothing
 * else. The launcher is {@code shm-bench/bin/ingest}.
 */
package org.shmrt.bench.ingest;
