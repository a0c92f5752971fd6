/** Converts the pixels of FITS images between their stored form and arrays. */
package org.shmrt.fits.pixel;
