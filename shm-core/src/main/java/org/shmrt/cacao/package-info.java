/**
 * Operations on streams for operators of an adaptive-optics loop: streams loaded from FITS files, links between streams,
 * and the headers of frames saved to FITS. They maintain the files under {@code conf/} and {@code loadedSM/} that cacao's
 * scripts use. May import {@code stream}, {@code fits}, {@code memory}, {@code files}, {@code posix} and {@code error};
 * only the command line uses it.
 */
package org.shmrt.cacao;
