/** What verbs share that make pictures of frames: options, titles and colours. */
package org.shmrt.cli.picture;

// May import: cli.frame, cli.verb, camera, stream, stream.inspect, stream.keyword, stream.format, image,
// image.colour, image.picture, image.pixel, memory, error.
