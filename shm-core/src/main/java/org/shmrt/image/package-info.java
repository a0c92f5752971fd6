/**
 * Images in ordinary files: numpy's {@code .npy}, raw bytes, grey-scale pictures and line plots as PNG, and further
 * formats, which are found as a service ({@link org.shmrt.image.ImageFormat}).
 */
package org.shmrt.image;

// May import: image.plot, image.pixel, files, memory, posix, text, error.
