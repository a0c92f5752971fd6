/**
 * Image streams: publish frames, wait for frames, and read frames that are verified to be complete. The file of a stream
 * has the layout of a format (DAO, milk), which is found as a service
 * ({@link org.shmrt.stream.format.StreamFormat}).
 */
package org.shmrt.stream;

// May import: stream.inspect, stream.keyword.table, stream.keyword, stream.engine, stream.format, memory, posix, text,
// error.
