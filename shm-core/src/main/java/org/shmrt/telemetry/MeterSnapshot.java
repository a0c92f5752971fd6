package org.shmrt.telemetry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.text.FixedText;

/** What the page of a meter showed at one moment. Immutable. */
public final class MeterSnapshot {
    private final String name;
    private final MemorySegment page;
    private final boolean alive;
    private final List<LatencyHistogram> histograms = new ArrayList<>();

    MeterSnapshot(String name, MemorySegment page, boolean alive) {
        this.name = name;
        this.page = page;
        this.alive = alive;
        for (FrameMeasure measure : FrameMeasure.values()) {
            histograms.add(
                    new LatencyHistogram(page, MeterLayout.histogramAt(measure), MeterLayout.summaryAt(measure)));
        }
    }

    /** Whether no meter of this version can have written these values. */
    boolean isDamaged() {
        for (MeterCounter counter : MeterCounter.values()) {
            if (count(counter) < 0) {
                return true;
            }
        }
        return histograms.stream().anyMatch(LatencyHistogram::isDamaged);
    }

    /** {@return the name of the meter} */
    public String name() {
        return name;
    }

    /** {@return whether the process of the meter was alive, by the kernel's lock} */
    public boolean isAlive() {
        return alive;
    }

    /** {@return the id of the process of the meter in its own pid namespace} */
    public int pid() {
        return page.get(ValueLayout.JAVA_INT, PageKind.PID_AT);
    }

    /** {@return when the meter was created, nanoseconds since 1970 on the wall clock} */
    public long startedNs() {
        return page.get(ValueLayout.JAVA_LONG, PageKind.STARTED_AT);
    }

    /** {@return what the meter measures} */
    public MeterRole role() {
        return MeterRole.of(page.get(ValueLayout.JAVA_INT, MeterLayout.ROLE_AT));
    }

    /** {@return the path of the stream that is measured; of a hop, the second one} */
    public String stream() {
        return FixedText.get(page, MeterLayout.STREAM_AT, MeterLayout.PATH_BYTES);
    }

    /** {@return the path of the first stream of a hop; empty for readers and writers} */
    public Optional<String> source() {
        String source = FixedText.get(page, MeterLayout.SOURCE_AT, MeterLayout.PATH_BYTES);
        return source.isEmpty() ? Optional.empty() : Optional.of(source);
    }

    /**
     * The value of a counter.
     *
     * @param counter which
     * @return its value since the meter was created
     */
    public long count(MeterCounter counter) {
        return page.get(ValueLayout.JAVA_LONG, MeterLayout.counterAt(counter));
    }

    /**
     * The times of a measure.
     *
     * @param measure which
     * @return its histogram
     */
    public LatencyHistogram histogram(FrameMeasure measure) {
        return histograms.get(measure.ordinal());
    }
}
