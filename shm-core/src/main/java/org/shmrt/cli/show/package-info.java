/** The verb that draws frames in the terminal, and what it finds out about the terminal. */
package org.shmrt.cli.show;

// May import: cli.frame, cli.picture, cli.verb, stream, stream.inspect, stream.format, image.colour, image.picture,
// image.pixel, image.terminal, memory, text, error.
