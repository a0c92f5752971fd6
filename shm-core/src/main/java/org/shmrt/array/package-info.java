/**
 * numpy arrays in shared memory, in the file formats of the Python package SharedArray: creates, attaches, lists and
 * deletes arrays, and gives access to their elements. May import {@code memory}, {@code posix} and {@code error}; does
 * not know streams, blocks or image files.
 */
package org.shmrt.array;
