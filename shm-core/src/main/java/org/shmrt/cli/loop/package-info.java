/** The verbs of {@code shm loop}, for control loops that run on this machine. */
package org.shmrt.cli.loop;

// May import: cli.verb, telemetry, error.
