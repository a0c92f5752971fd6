package org.shmrt.telemetry;

import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.format.StreamClock;

/**
 * Measures the frames that a writer publishes: their interval, and their age when they are published.
 *
 * <pre>{@code
 * try (WriterMeter meter = WriterMeter.create("camera", writer)) {
 *     while (camera.fill(writer.claim())) {
 *         meter.record(writer.publish(camera.acquiredNs()), camera.acquiredNs());
 *     }
 * }
 * }</pre>
 */
public final class WriterMeter extends FrameMeter {
    private final StreamClock clock;

    private WriterMeter(String name, FrameWriter writer) {
        super(name, MeterRole.WRITER, writer.stream().path(), "");
        this.clock = writer.stream().layout().clock();
    }

    /**
     * Creates a meter and its page.
     *
     * @param name its name: letters, digits, {@code _}, {@code -} and {@code .}
     * @param writer the writer, which remains the caller's
     * @return the meter
     * @throws org.shmrt.error.BusyException if a meter of this name is in use
     * @throws IllegalArgumentException if the name is not valid
     */
    public static WriterMeter create(String name, FrameWriter writer) {
        return new WriterMeter(name, writer);
    }

    /**
     * Records a frame that was published.
     *
     * @param count its count, for events
     * @param acquiredNs its acquisition time on the stream's clock; 0 if not known
     */
    public void record(long count, long acquiredNs) {
        add(clock.nowNs(), acquiredNs, count);
    }

    /**
     * Records a frame that was published, without reading the clock.
     *
     * @param count its count, for events
     * @param acquiredNs its acquisition time on the stream's clock; 0 if not known
     * @param nowNs the time, nanoseconds since 1970 on the stream's clock
     */
    public void record(long count, long acquiredNs, long nowNs) {
        add(nowNs, acquiredNs, count);
    }
}
