/** Simulated cameras ({@code sim:}): a ramp that proves order and content, noise, and a Shack-Hartmann sensor. */
package org.shmrt.camera.sim;

// May import: camera, memory, stream.format, error.
