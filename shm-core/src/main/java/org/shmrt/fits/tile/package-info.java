/**
 * Reads and writes tile-compressed FITS images. May import {@code fits.pixel} and the packages below it; only
 * {@link org.shmrt.fits.tile.LibraryCodec} may use nom-tam-fits.
 */
package org.shmrt.fits.tile;
