/**
 * Converts the pixels of FITS images between their stored form and memory, and selects sections of images. May import
 * {@code fits.header}, {@code fits.card}, {@code memory}, {@code files}, {@code posix} and {@code error}.
 */
package org.shmrt.fits.pixel;
