/**
 * What is on the machine now: streams, arrays, blocks and loops, with their rates and the processes that use them. Reads
 * only: no semaphore is acquired, nothing is written, and each object is mapped once.
 */
package org.shmrt.monitor;

// May import: array, block, telemetry, stream.inspect, stream.engine, stream.format, posix, text, memory, error.
