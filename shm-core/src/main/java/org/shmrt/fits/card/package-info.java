/** Cards and descriptions of FITS headers as values, without any file access. */
package org.shmrt.fits.card;

// May import: memory, error.
