package org.shmrt.telemetry;

import java.nio.file.Path;
import org.shmrt.text.FileNames;

/**
 * Measures the way from the frames of one stream to those of another that are computed from them. The caller finds out
 * which frames belong together, as {@code shm latency} does.
 */
public final class HopMeter extends FrameMeter {
    private HopMeter(String name, Path from, Path to) {
        super(name, MeterRole.HOP, to, FileNames.text(from));
    }

    /**
     * Creates a meter and its page.
     *
     * @param name its name: letters, digits, {@code _}, {@code -} and {@code .}
     * @param from the first stream
     * @param to the stream that is computed from it
     * @return the meter
     * @throws org.shmrt.error.BusyException if a meter of this name is in use
     * @throws IllegalArgumentException if the name is not valid
     */
    public static HopMeter create(String name, Path from, Path to) {
        return new HopMeter(name, from, to);
    }

    /**
     * Records a frame of the second stream.
     *
     * @param fromNs time of the frame of the first stream, nanoseconds
     * @param toNs time of the frame of the second stream, on the same clock
     * @param count count of that frame, for events
     */
    public void record(long fromNs, long toNs, long count) {
        add(toNs, fromNs, count);
    }

    /** Counts a frame of the second stream to which none of the first belongs. */
    public void recordUnmatched() {
        count(MeterCounter.UNMATCHED, 1);
    }

    /**
     * Counts frames of either stream that were overwritten before they were read.
     *
     * @param frames their number
     * @param count count of the frame after them, for events
     */
    public void recordLost(long frames, long count) {
        addLost(frames, count);
    }
}
