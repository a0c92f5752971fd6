/** Reads and writes tile-compressed FITS images. */
package org.shmrt.fits.tile;

// May import: fits.pixel, fits.header, fits.card, files, memory, error.
