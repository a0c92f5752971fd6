/**
 * Streams across machines, without the network: what describes a stream and a frame to another machine, the feed that
 * reads a source, and the replica that writes the local copy and accounts for every frame.
 */
package org.shmrt.relay;

// May import: relay.status, stream, stream.engine, stream.inspect, stream.keyword, stream.format, memory, posix,
// text, error.
