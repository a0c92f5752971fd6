/** The cards of a FITS header. */
package org.shmrt.fits.card;
