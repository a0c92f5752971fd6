/** The verbs for one stream: create, info, read, write, keyword, repair, convert, rm. */
package org.shmrt.cli.stream;

// May import: cli.frame, cli.picture, cli.report, cli.verb, stream.convert, stream, stream.inspect, stream.keyword,
// stream.format, image, image.input, image.pixel, memory, posix, text, error.
