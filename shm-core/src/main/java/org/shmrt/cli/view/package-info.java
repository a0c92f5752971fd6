/** The verb {@code view}, which shows streams in a browser. */
package org.shmrt.cli.view;

// May import: cli.loop, cli.report, cli.verb, web, web.frame, telemetry, stream.inspect, text, error.
