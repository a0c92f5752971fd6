/** The verbs of {@code shm array}, for numpy arrays of the Python package SharedArray. */
package org.shmrt.cli.array;
