// May import: stream, fits, memory, files, posix, error. Only the command line uses this package.

/**
 * What operators of an adaptive-optics loop do with streams: load them from FITS files, link them, save their frames to
 * FITS files. Keeps the files under {@code conf/} and {@code loadedSM/} that cacao's scripts rely on.
 */
package org.shmrt.cacao;
