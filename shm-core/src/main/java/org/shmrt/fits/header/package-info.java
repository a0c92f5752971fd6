/** Reads and writes FITS headers and finds the parts of a FITS file. */
package org.shmrt.fits.header;
