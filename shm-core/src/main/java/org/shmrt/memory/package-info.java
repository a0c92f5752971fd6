/**
 * Mapped memory and what it holds: regions of files and shared memory objects, element types, shapes, typed
 * images. May import {@code posix} and {@code error}; knows no stream, array or file format.
 */
package org.shmrt.memory;
