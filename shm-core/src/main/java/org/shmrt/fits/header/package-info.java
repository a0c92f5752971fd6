/** Reads and writes FITS headers, and finds the header and data units of a file. */
package org.shmrt.fits.header;

// May import: fits.card, files, posix, text, error.
