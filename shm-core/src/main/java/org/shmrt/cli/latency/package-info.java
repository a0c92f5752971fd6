/** {@code shm latency}: the time from a frame of one stream to the frame of another that belongs to it. */
package org.shmrt.cli.latency;

// May import: cli.verb, telemetry, stream, stream.inspect, stream.format, image.plot, text, error.
