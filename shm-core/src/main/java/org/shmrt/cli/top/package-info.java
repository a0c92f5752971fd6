/** The verb {@code top}: all objects of the machine in one table that fills the terminal. */
package org.shmrt.cli.top;

// May import: cli.loop, cli.monitor, cli.report, cli.verb, monitor, screen, telemetry, stream, stream.inspect, array,
// block, text, error.
