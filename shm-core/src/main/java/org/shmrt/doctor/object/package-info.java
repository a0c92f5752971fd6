/**
 * Checks of what lives on a machine: streams, their semaphores, blocks and temporary files; and the repair of what is
 * provably unused or can be restored without loss. The checks change nothing.
 */
package org.shmrt.doctor.object;

// May import: doctor, stream, stream.inspect, stream.engine, stream.format, array, block, posix, text, error.
