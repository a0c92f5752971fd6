/**
 * The milk format (ImageStreamIO 2.00): the positions of its fields and regions, and the detection and initialisation
 * of its files. Used only through {@link org.shmrt.stream.format.StreamFormat}.
 */
package org.shmrt.stream.format.milk;

// May import: stream.format, memory, posix, text, error.
