/**
 * Operations on streams for operators of an adaptive-optics loop: streams loaded from FITS files, links between streams,
 * and headers of frames saved to FITS files. They maintain the files under {@code conf/} and {@code loadedSM/} that
 * cacao's scripts use.
 */
package org.shmrt.cacao;

// May import: stream, stream.inspect, stream.keyword, stream.format, fits, fits.card, files, memory, posix, text,
// error.
