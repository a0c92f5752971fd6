package org.shmrt.telemetry;

import org.shmrt.stream.FrameReader;
import org.shmrt.stream.format.StreamClock;

/**
 * Measures the frames that a reader reads: their interval, their age when they are read, and the frames that were lost.
 *
 * <pre>{@code
 * try (ReaderMeter meter = ReaderMeter.create("slopes", reader)) {
 *     while (reader.awaitNext(timeoutNs).hasFrame()) {
 *         meter.record();
 *         process(reader.frame());
 *     }
 * }
 * }</pre>
 */
public final class ReaderMeter extends FrameMeter {
    private final FrameReader reader;
    private final StreamClock clock;

    private ReaderMeter(String name, FrameReader reader) {
        super(name, MeterRole.READER, reader.stream().path(), "");
        this.reader = reader;
        this.clock = reader.stream().layout().clock();
    }

    /**
     * Creates a meter and its page.
     *
     * @param name its name: letters, digits, {@code _}, {@code -} and {@code .}
     * @param reader the reader, which remains the caller's
     * @return the meter
     * @throws org.shmrt.error.BusyException if a meter of this name is in use
     * @throws IllegalArgumentException if the name is not valid
     */
    public static ReaderMeter create(String name, FrameReader reader) {
        return new ReaderMeter(name, reader);
    }

    /** Records the current frame of the reader. To be called once for each frame, after the call that returned it. */
    public void record() {
        record(clock.nowNs());
    }

    /**
     * Records the current frame of the reader, without reading the clock.
     *
     * @param nowNs the time, nanoseconds since 1970 on the stream's clock
     */
    public void record(long nowNs) {
        add(nowNs, reader.acquiredNs(), reader.count());
        long lost = reader.lost();
        if (lost > 0) {
            addLost(lost, reader.count());
        }
    }
}
