/**
 * FITS files and typed images in memory, either way: headers, plain pixels and times by code of our own, which
 * needs no library; the codecs of tile-compressed images from nom-tam-fits, loaded for those alone. May import
 * {@code image} (whose format this is), {@code files}, {@code memory} and {@code error}; knows no stream or array.
 */
package org.shmrt.fits;
