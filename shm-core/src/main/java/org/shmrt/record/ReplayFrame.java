package org.shmrt.record;

import java.lang.foreign.MemorySegment;
import org.shmrt.record.chunk.FrameRow;

/**
 * A frame of a replay that was read ahead.
 *
 * @param track its stream
 * @param pixels a buffer of the track
 * @param row its counters and times
 * @param dueNs when it is due: nanoseconds after the first frame of the replay, at the speed of the recording
 */
record ReplayFrame(ReplayTrack track, MemorySegment pixels, FrameRow row, long dueNs) {}
