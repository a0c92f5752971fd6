/** The verb {@code watch}, which follows streams while they are written, and the intervals between their frames. */
package org.shmrt.cli.monitor;

// May import: cli.verb, screen, stream, stream.inspect, text, error.
