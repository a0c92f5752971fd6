/**
 * Arithmetic of control loops without allocation: slopes of a wavefront sensor, the product of a matrix and a vector, and
 * a leaky integrator. Each object measures at warm-up which of its implementations is fastest on this machine.
 */
package org.shmrt.math;

// May import: math.kernel, jvm, error.
