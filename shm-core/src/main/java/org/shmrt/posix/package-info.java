/**
 * POSIX objects as Java objects: files, shared memory, mappings, locks, semaphores and clocks, with errno as typed
 * exceptions. The only package that calls native functions.
 */
package org.shmrt.posix;

// May import: text, error.
