/**
 * numpy arrays in shared memory, in the files of the Python package SharedArray: creating, attaching, listing and
 * deleting them, and their elements as Java numbers. May import {@code memory}, {@code posix} and {@code error}; knows
 * no stream, block or image file.
 */
package org.shmrt.array;
