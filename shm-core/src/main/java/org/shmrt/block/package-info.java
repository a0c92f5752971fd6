/**
 * Blocks: named bytes in shared memory as Python's {@code multiprocessing.shared_memory} makes them, and its
 * {@code ShareableList} on top. May import {@code memory}, {@code posix} and {@code error}; knows no stream or array.
 */
package org.shmrt.block;
