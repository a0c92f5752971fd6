/** The verb that shows what loops and meters report, for monitoring systems. */
package org.shmrt.cli.metrics;

// May import: cli.verb, telemetry, stream.inspect, error.
