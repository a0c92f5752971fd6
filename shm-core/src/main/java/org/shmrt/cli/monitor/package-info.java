/** The verb {@code watch}, which follows a stream while it is written. */
package org.shmrt.cli.monitor;

// May import: cli.verb, stream, stream.inspect, error.
