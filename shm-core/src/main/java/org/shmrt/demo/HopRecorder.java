package org.shmrt.demo;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.shmrt.error.ShmException;

/**
 * Records the latencies of one hop in nanoseconds. {@link #record} is for one thread and never waits nor allocates;
 * the rest is for any other thread, at any time.
 */
final class HopRecorder {
    /** Longer ones count as this. */
    private static final long LONGEST_NS = 100_000_000_000L;

    private static final int DIGITS = 3;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(1, LONGEST_NS, DIGITS);
    private final Histogram total = empty();
    private Histogram interval;

    static Histogram empty() {
        return new Histogram(1, LONGEST_NS, DIGITS);
    }

    /** Counts a latency; one below zero, from a clock that was set meanwhile, counts as 0. */
    void record(long ns) {
        recorder.recordValue(Math.clamp(ns, 0, LONGEST_NS));
    }

    /** Everything recorded so far; belongs to the caller. */
    synchronized Histogram soFar() {
        interval = recorder.getIntervalHistogram(interval);
        total.add(interval);
        return total.copy();
    }

    /** A histogram as one word of ASCII. */
    static String encode(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    /** The histogram in such a word. */
    static Histogram decode(String word) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(word)), 0);
        } catch (DataFormatException | IllegalArgumentException e) {
            throw new ShmException("a process of the demo sent a histogram that cannot be read: " + e, e);
        }
    }
}
