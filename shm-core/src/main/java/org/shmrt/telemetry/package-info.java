/**
 * What a running loop reports: a page in shared memory with its state, its counters and histograms of its times, which
 * other processes read without disturbing it, and through which they pause, step and stop it.
 */
package org.shmrt.telemetry;

// May import: posix, text, error.
