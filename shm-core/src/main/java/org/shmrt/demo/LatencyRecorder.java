package org.shmrt.demo;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.shmrt.error.ShmException;

/**
 * Records the latencies of one stage in nanoseconds. One thread calls {@link #record}, which neither blocks nor
 * allocates; any thread may call the other methods at any time.
 */
final class LatencyRecorder {
    /** Longer latencies are recorded as this. */
    private static final long MAX_NS = 100_000_000_000L;

    private static final int SIGNIFICANT_DIGITS = 3;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(1, MAX_NS, SIGNIFICANT_DIGITS);
    private final Histogram total = emptyHistogram();
    private Histogram interval;

    static Histogram emptyHistogram() {
        return new Histogram(1, MAX_NS, SIGNIFICANT_DIGITS);
    }

    /** Records a latency; a negative one, caused by a clock that was set in the meantime, is recorded as 0. */
    void record(long ns) {
        recorder.recordValue(clamp(ns));
    }

    /** The value that is recorded for a latency. */
    static long clamp(long ns) {
        return Math.clamp(ns, 0, MAX_NS);
    }

    /** A copy of everything recorded so far. */
    synchronized Histogram soFar() {
        interval = recorder.getIntervalHistogram(interval);
        total.add(interval);
        return total.copy();
    }

    /** A histogram as ASCII text without blanks. */
    static String encode(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    /** The histogram that {@link #encode} returned as text. */
    static Histogram decode(String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
        } catch (DataFormatException | IllegalArgumentException e) {
            throw new ShmException("a process of the demo sent a histogram that cannot be decoded: " + e, e);
        }
    }
}
