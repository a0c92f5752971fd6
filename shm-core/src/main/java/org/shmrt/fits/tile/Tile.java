package org.shmrt.fits.tile;

/**
 * One tile of an image.
 *
 * @param number index of the tile in the table, from 0
 * @param width length of its fastest axis
 * @param pixels number of pixels
 */
record Tile(long number, int width, int pixels) {}
