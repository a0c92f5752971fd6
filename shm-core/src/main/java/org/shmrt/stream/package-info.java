/**
 * Image streams: the engine that publishes, waits for and verifies frames in any layout, and the API around
 * it. A format (DAO, milk) is a {@link org.shmrt.stream.format.StreamFormat} found as a service, so nothing here
 * imports one. May import {@code stream.layout}, {@code memory}, {@code posix} and {@code error}.
 */
package org.shmrt.stream;
