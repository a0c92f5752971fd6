/**
 * Records streams to files and plays recordings. A recorder is an ordinary reader of its streams: no writer waits for
 * it, and frames that it cannot keep are counted as lost. {@link org.shmrt.record.Recorder} records,
 * {@link org.shmrt.record.Recording} reads what was recorded, {@link org.shmrt.record.Replayer} writes it to streams.
 */
package org.shmrt.record;

// May import: record.chunk, cacao, camera, stream, stream.engine, stream.inspect, stream.keyword, stream.format,
// fits.card, memory, posix.thread, posix, text, error.
