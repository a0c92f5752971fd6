/**
 * POSIX objects as Java objects: files, shared memory, mappings, semaphores, clocks, with errno as typed
 * exceptions. The only package that calls native functions; imports the generated bindings,
 * {@code files} and {@code error}.
 */
package org.shmrt.posix;
