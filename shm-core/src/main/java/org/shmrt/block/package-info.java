/**
 * Blocks of shared memory, compatible with Python's {@code multiprocessing.shared_memory}: {@code SharedMemory}, named
 * bytes, and {@code ShareableList} on top of it. May import {@code memory}, {@code posix} and {@code error}; does not
 * know streams or arrays.
 */
package org.shmrt.block;
