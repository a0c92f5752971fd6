/**
 * What operators of an adaptive-optics loop do with streams, and the files under {@code conf/} and {@code loadedSM/}
 * that cacao's scripts leave and rely on: streams loaded from FITS, links between streams, frames saved to FITS. May
 * import {@code stream}, {@code fits}, {@code memory}, {@code files}, {@code posix} and {@code error}; only the command
 * line uses it.
 */
package org.shmrt.cacao;
