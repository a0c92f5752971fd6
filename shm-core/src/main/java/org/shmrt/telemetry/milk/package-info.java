/** milk's processinfo: a file for each loop and a list of all, by which milk's own tools show and steer loops. */
package org.shmrt.telemetry.milk;

// May import: posix, text, error.
