// May import: fits.pixel, fits.header, fits.card, memory, files, error. Only LibraryCodec uses nom-tam-fits.

/** Reads and writes tile-compressed FITS images. */
package org.shmrt.fits.tile;
