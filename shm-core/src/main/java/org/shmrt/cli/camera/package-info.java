/** {@code shm grab}: cameras and other sources of frames into streams. */
package org.shmrt.cli.camera;

// May import: cli.verb, camera, stream, stream.inspect, stream.format, memory, text, error.
