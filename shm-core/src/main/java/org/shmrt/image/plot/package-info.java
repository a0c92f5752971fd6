// May import: files, error; and java.desktop, which only the classes of plots use.

/** Line plots, and the PNG encoder. */
package org.shmrt.image.plot;
