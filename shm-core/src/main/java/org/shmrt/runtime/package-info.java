/**
 * Control loops: a step that runs at each frame or at each moment of a timer, with a processor and a priority of its own,
 * a warm-up, deadlines, safe states and telemetry. Start with {@link org.shmrt.runtime.ControlLoop}.
 */
package org.shmrt.runtime;

// May import: telemetry.milk, telemetry, doctor, stream, stream.engine, stream.format, jvm, posix.thread, posix, text,
// error.
