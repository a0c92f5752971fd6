/**
 * The optics that {@code shm demo} simulates: a Shack-Hartmann sensor with its spots, the mirror's actuators, and the
 * arithmetic that the control loop needs for them.
 */
package org.shmrt.demo.optics;

// May import: camera.sim, math, error.
