/** Ordinary files of any format: atomic output files, and reads in chunks into memory of any size. */
package org.shmrt.files;

// May import: posix, text, error.
