/**
 * Blocks of shared memory, compatible with Python's {@code multiprocessing.shared_memory}:
 * {@link org.shmrt.block.SharedMemory}, named bytes, and {@link org.shmrt.block.ShareableList} on top of it.
 */
package org.shmrt.block;

// May import: posix, text, error.
