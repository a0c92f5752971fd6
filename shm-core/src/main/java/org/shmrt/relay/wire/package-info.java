/**
 * The messages that travel over a link: a header of 64 bytes, a payload, and after a frame 8 bytes that confirm it. The
 * session of a sender, which reads a feed, and that of a receiver, which fills a replica.
 */
package org.shmrt.relay.wire;

// May import: relay.link, relay.status, relay, stream.keyword, memory, posix, error.
