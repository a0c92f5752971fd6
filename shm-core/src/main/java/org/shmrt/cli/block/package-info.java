/** The verbs of {@code shm block}, for blocks of Python's multiprocessing.shared_memory. */
package org.shmrt.cli.block;
