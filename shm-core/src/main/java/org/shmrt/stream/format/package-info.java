// May import: memory, posix, error.

/**
 * The service by which a stream format is added, and the layout of a stream's file that a format describes: offsets,
 * sizes and encodings.
 */
package org.shmrt.stream.format;
