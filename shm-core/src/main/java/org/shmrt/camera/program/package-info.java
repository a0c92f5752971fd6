/**
 * Frames from programs that are started for it: {@code ffmpeg:} and {@code gst:}. The program converts to a pixel format
 * that a stream can have; size, type, rate and times come from the program.
 */
package org.shmrt.camera.program;

// May import: camera, camera.file, image.input, stream.format, memory, error.
