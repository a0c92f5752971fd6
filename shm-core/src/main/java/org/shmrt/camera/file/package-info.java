/**
 * Frames of files and of standard input: raw frames, videos, {@code .npy} arrays and FITS cubes; and the reading of
 * bytes into frames, which other sources use too.
 */
package org.shmrt.camera.file;

// May import: camera, image, image.input, files, memory, posix, text, error.
