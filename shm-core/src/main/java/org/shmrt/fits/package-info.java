/**
 * Reads and writes FITS files as typed images in memory. Headers, plain pixels and frame times need no library;
 * nom-tam-fits provides the codecs of tile-compressed images and is loaded for those only.
 */
package org.shmrt.fits;

// May import: fits.tile, fits.pixel, fits.header, fits.card, image.pixel, files, memory, posix, text, error.
