/**
 * How verbs obtain frames: the options for waiting, the history of a stream, memory for frames.
 */
package org.shmrt.cli.frame;

// May import: cli.verb, stream, stream.inspect, stream.format, memory, posix, text, error.
