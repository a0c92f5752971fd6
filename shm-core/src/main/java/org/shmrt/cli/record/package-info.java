/** {@code shm record}, {@code replay} and {@code extract}: streams to files and back. */
package org.shmrt.cli.record;

// May import: cli.verb, record.service, record, stream.inspect, memory, text, error.
