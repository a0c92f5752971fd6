/**
 * The engine of all streams: maps a stream, reads and writes the words of its headers, watches its file, posts and
 * reserves its semaphores. It works from a layout and knows no format.
 */
package org.shmrt.stream.engine;
