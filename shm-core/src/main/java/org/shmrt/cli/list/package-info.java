/** The verb {@code list} and the rows it prints. */
package org.shmrt.cli.list;

// May import: cli.report, cli.verb, stream.inspect, stream.format, array, block, memory, posix, text, error.
