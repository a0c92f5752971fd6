/**
 * The engine of all streams: maps a stream, accesses the words of its headers, checks its file, and posts and reserves
 * its semaphores. It works from a layout and does not depend on a format.
 */
package org.shmrt.stream.engine;

// May import: stream.format, posix, text, error.
