/**
 * POSIX objects as Java objects: files, shared memory, mappings, locks, semaphores and clocks, with errno as typed
 * exceptions. Native functions are called only here and in
 * {@code posix.thread}, except those of OpenBLAS.
 */
package org.shmrt.posix;

// May import: text, error.
