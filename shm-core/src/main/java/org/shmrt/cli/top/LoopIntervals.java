package org.shmrt.cli.top;

import org.shmrt.cli.monitor.Distribution;
import org.shmrt.telemetry.LatencyHistogram;

/** The intervals that a loop measured. */
record LoopIntervals(LatencyHistogram histogram) implements Distribution {
    @Override
    public long count() {
        return histogram.count();
    }

    @Override
    public long minNs() {
        return histogram.percentileNs(0);
    }

    @Override
    public long highNs() {
        return histogram.percentileNs(HIGH_PERCENT);
    }

    @Override
    public long maxNs() {
        return histogram.maxNs();
    }

    @Override
    public long countUpTo(long ns) {
        return histogram.countUpTo(ns);
    }
}
