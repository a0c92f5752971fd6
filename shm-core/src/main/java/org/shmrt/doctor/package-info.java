/**
 * Checks of the machine for real-time programs: readings of {@code /proc} and {@code /sys} below a root that can be
 * another directory, findings with evidence and remedy, and a measurement of wake-up latencies. Changes nothing.
 */
package org.shmrt.doctor;

// May import: posix.thread, posix, text, error.
