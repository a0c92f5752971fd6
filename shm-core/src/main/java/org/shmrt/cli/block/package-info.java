/** The verbs of {@code shm block}, for blocks of Python's multiprocessing.shared_memory. */
package org.shmrt.cli.block;

// May import: cli.report, cli.verb, stream.inspect, image, block, memory, posix, text, error.
