/**
 * Reads and writes FITS headers, and finds the header and data units of a file. May import {@code fits.card},
 * {@code files} and {@code error}.
 */
package org.shmrt.fits.header;
