package org.shmrt.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.Verdict;

/**
 * Ramp frames of uint16: element i of frame n is {@code (n + i) mod 65536}, so that a mixture of two successive frames
 * is detected. The Python peers create the same frames.
 */
public final class RampFrames {
    private static final int PERIOD = 1 << 16;

    private final MemorySegment table;
    private final long frameBytes;

    /** Creates ramps of a number of elements. */
    public RampFrames(long elements) {
        short[] ramp = new short[Math.toIntExact(PERIOD + elements)];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (short) i;
        }
        table = MemorySegment.ofArray(ramp).asReadOnly();
        frameBytes = elements * Short.BYTES;
    }

    /** Returns the frame of a count, read-only; allocates only the segment. */
    public MemorySegment of(long count) {
        return table.asSlice((count & PERIOD - 1) * Short.BYTES, frameBytes);
    }

    /** Whether all elements of a frame belong to the ramp of a count. */
    public boolean isWhole(MemorySegment frame, long count) {
        return MemorySegment.mismatch(
                        frame,
                        0,
                        frameBytes,
                        table,
                        (count & PERIOD - 1) * Short.BYTES,
                        (count & PERIOD - 1) * Short.BYTES + frameBytes)
                < 0;
    }

    /** Returns memory for a copy of a frame. */
    public MemorySegment empty() {
        return MemorySegment.ofArray(new short[Math.toIntExact(frameBytes / Short.BYTES)]);
    }

    /** Returns a frame with all elements equal. */
    public MemorySegment filled(int value) {
        MemorySegment frame = empty();
        for (long i = 0; i < frameBytes; i += Short.BYTES) {
            frame.set(ValueLayout.JAVA_SHORT, i, (short) value);
        }
        return frame;
    }

    /**
     * Reads frames up to a count and asserts that each is whole.
     *
     * @return the number of frames read, plus the number that the reader reports as lost
     */
    public long readUpTo(FrameReader reader, long last, long timeoutNs) {
        return readUpTo(reader, last, timeoutNs, false);
    }

    /**
     * The same for the frames of a program that holds no lock on the stream: if it has no processor for half a second
     * while it writes, it counts as dead, and then continues.
     */
    public long readUpToFromPeer(FrameReader reader, long last, long timeoutNs) {
        return readUpTo(reader, last, timeoutNs, true);
    }

    private long readUpTo(FrameReader reader, long last, long timeoutNs, boolean isFromPeer) {
        MemorySegment buffer = empty();
        long read = 0;
        while (reader.count() < last) {
            Verdict verdict = reader.read(buffer, timeoutNs);
            if (isFromPeer && verdict == Verdict.STALE_WRITER) {
                continue;
            }
            assertTrue(verdict.hasFrame(), () -> verdict + " after frame " + reader.count());
            assertTrue(isWhole(buffer, reader.count()), () -> "torn frame " + reader.count());
            read++;
        }
        return read + reader.lostTotal();
    }
}
