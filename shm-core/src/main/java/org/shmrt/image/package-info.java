// May import: memory, files, error; and java.desktop, which only plots need.

/**
 * Images in ordinary files: numpy's {@code .npy}, raw bytes, grey-scale pictures and line plots as PNG, and further
 * formats, which are found as a service ({@link org.shmrt.image.ImageFormat}).
 */
package org.shmrt.image;
