/**
 * What running programs show in pages in shared memory, which other processes read without disturbing them: the state,
 * counters and times of a loop, through which it can also be paused, stepped and stopped ({@link LoopTelemetry}), and the
 * intervals, ages and losses of the frames of a stream ({@link FrameMeter}).
 */
package org.shmrt.telemetry;

// May import: stream, stream.format, posix, text, error.
