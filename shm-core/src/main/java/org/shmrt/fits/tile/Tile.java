package org.shmrt.fits.tile;

/**
 * One tile of an image.
 *
 * @param number index of the tile in the table, from 0
 * @param pixels number of pixels
 */
record Tile(long number, int pixels) {}
