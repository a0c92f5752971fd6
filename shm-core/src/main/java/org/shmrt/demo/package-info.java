/**
 * {@code shm demo}: a camera, a control loop and a deformable mirror in three processes that share memory. A fourth
 * process, {@link org.shmrt.demo.Demo}, starts and observes them; {@link org.shmrt.demo.DemoProcess} is the main class
 * of the three. Does not use picocli.
 */
package org.shmrt.demo;

// May import: demo.optics, camera.sim, process, runtime, telemetry, math, doctor, jvm, stream, stream.inspect,
// stream.format, image, image.plot, memory, posix.thread, posix, text, error.
