package org.shmrt.cli.monitor;

import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/** The intervals between all consecutive frames of a stream since this was opened. For one thread. */
public final class IntervalRecorder implements AutoCloseable {
    private final StreamFollower follower;
    private final Histogram intervals = FrameStatistics.emptyHistogram();
    private long skipped;

    /**
     * Starts to read every frame, read-only and without a semaphore.
     *
     * @throws org.shmrt.error.ShmException if the stream cannot be opened
     */
    public IntervalRecorder(Path stream) {
        follower = new StreamFollower(stream, StreamFollower.Start.MUST_EXIST);
    }

    /** Adds what was recorded since the last call. */
    public void update() {
        WatchSample sample = follower.statistics().takeSample(System.nanoTime());
        intervals.add(sample.intervals());
        skipped += sample.skipped();
    }

    /** Frames that were overwritten before they were seen. */
    public long skipped() {
        return skipped;
    }

    /** The intervals up to the last {@link #update}. */
    public Distribution distribution() {
        return new Distribution() {
            @Override
            public long count() {
                return intervals.getTotalCount();
            }

            @Override
            public long minNs() {
                return count() == 0 ? 0 : intervals.getMinNonZeroValue();
            }

            @Override
            public long highNs() {
                return intervals.getValueAtPercentile(HIGH_PERCENT);
            }

            @Override
            public long maxNs() {
                return intervals.getMaxValue();
            }

            @Override
            public long countUpTo(long ns) {
                return intervals.getCountBetweenValues(0, ns);
            }
        };
    }

    @Override
    public void close() {
        follower.close();
    }
}
