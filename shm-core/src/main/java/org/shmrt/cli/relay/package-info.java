/** The verbs of {@code shm relay}, for streams of other machines. */
package org.shmrt.cli.relay;

// May import: cli.verb, relay.service, relay.link, relay.status, relay, stream.inspect, memory, text, error.
