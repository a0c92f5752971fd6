/**
 * Loading FITS images into memory: what is measured, and beside it what the machine and astropy need for the same.
 */
package org.shmrt.bench.fits;
