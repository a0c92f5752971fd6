// May import: stream.format, memory, posix, error, and the packages below stream, but no single format (DAO, milk).

/**
 * Image streams: publish frames, wait for frames, and read frames that are verified to be complete. The file of a stream
 * has the layout of a format (DAO, milk), which is found as a service
 * ({@link org.shmrt.stream.format.StreamFormat}).
 */
package org.shmrt.stream;
