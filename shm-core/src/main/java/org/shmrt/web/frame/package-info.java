/**
 * Streams as the web view reads them: one read-only reader for each stream however many viewers look, frames in pooled
 * memory, thumbnails and rates. Knows nothing of HTTP.
 */
package org.shmrt.web.frame;

// May import: stream, stream.inspect, stream.format, memory, posix, text, error.
