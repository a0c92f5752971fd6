/** Converts the pixels of FITS images between their stored form and memory, and selects sections of images. */
package org.shmrt.fits.pixel;

// May import: fits.header, fits.card, memory, posix, error.
