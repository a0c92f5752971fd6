/**
 * Reads and writes FITS files as typed images in memory. Headers, plain pixels and frame times need no library;
 * nom-tam-fits provides the codecs of tile-compressed images and is loaded for those only.
 *
 * <p>Imports point one way: {@code fits}, {@code fits.tile}, {@code fits.pixel}, {@code fits.header}, {@code fits.card},
 * then {@code memory}, {@code files}, {@code posix} and {@code error}. Streams, arrays and {@code image} are not used
 * here; {@code fits.provider} makes FITS an image format.
 */
package org.shmrt.fits;
