/** FITS as a service of type {@link org.shmrt.image.ImageFormat}. */
package org.shmrt.fits.provider;

// May import: fits, image, memory, error.
