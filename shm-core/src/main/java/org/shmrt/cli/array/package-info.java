/** The verbs of {@code shm array}, for numpy arrays of the Python package SharedArray. */
package org.shmrt.cli.array;

// May import: cli.picture, cli.report, cli.verb, image, image.pixel, array, memory, text, error.
