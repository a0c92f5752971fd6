/** What a format of streams provides: detection, planning and initialisation of its files, and their layout as data. */
package org.shmrt.stream.format;

// May import: memory, posix, error.
