/**
 * FITS as a service of type {@link org.shmrt.image.ImageFormat}. May import {@code fits}, {@code image} and
 * {@code memory}.
 */
package org.shmrt.fits.provider;
