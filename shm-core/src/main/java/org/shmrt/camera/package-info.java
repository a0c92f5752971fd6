/**
 * Cameras: sources of frames, found as services, and the grabber that moves their frames into a stream and counts what
 * was lost. The sources of the {@code shm} command are in the packages below.
 */
package org.shmrt.camera;

// May import: stream, stream.engine, stream.keyword, stream.format, memory, posix, text, error.
