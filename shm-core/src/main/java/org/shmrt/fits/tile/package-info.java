/** Reads and writes tile-compressed FITS images. */
package org.shmrt.fits.tile;
