/**
 * Cards and descriptions of FITS headers as values, without any file access. May import {@code memory}.
 */
package org.shmrt.fits.card;
