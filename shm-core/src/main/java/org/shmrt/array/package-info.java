/**
 * numpy arrays in shared memory, in the file formats of the Python package SharedArray: creates, attaches, lists and
 * deletes arrays, and gives access to their elements.
 */
package org.shmrt.array;

// May import: memory, posix, text, error.
