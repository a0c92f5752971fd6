/**
 * Loading FITS images into memory, compared with the limits of the machine and with astropy.
 */
package org.shmrt.bench.fits;
