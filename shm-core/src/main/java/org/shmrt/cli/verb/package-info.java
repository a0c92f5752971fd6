/**
 * Base classes and options that the verbs share: help, output, exit status, conversion of arguments.
 */
package org.shmrt.cli.verb;

// May import: stream.inspect, image, array, memory, posix, text, error.
