/** The verb {@code doctor}: what is wrong with the machine and with what lives on it, and how to correct it. */
package org.shmrt.cli.doctor;

// May import: cli.verb, doctor.object, doctor, stream.inspect, text, error.
