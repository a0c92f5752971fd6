/** Line plots, and the PNG encoder. */
package org.shmrt.image.plot;

// May import: files, text, error.
