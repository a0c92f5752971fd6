/**
 * Blocks of shared memory, compatible with Python's {@code multiprocessing.shared_memory}:
 * {@link org.shmrt.block.SharedMemory}, named bytes, {@link org.shmrt.block.ShareableList} on top of it, and
 * {@link org.shmrt.block.PythonStream}, which reads the streams of the packages pyshmem and pyRTC.
 */
package org.shmrt.block;

// May import: memory, posix, text, error.
