package org.shmrt.telemetry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.text.FileNames;
import org.shmrt.text.FixedText;

/**
 * Measures the frames of one stream where they are written or read, or the way from one stream to another, and shows it
 * in a page in shared memory: histograms of intervals and ages, and the number of frames that were lost. The page is the
 * file {@code shmrt-meter.NAME} in {@code $SHMRT_LOOP_DIR}, else in {@code /dev/shm}; {@code shm metrics} and
 * {@link MeterTelemetry} read it without disturbing the program. The page of a killed program is taken over by the next
 * meter of the same name.
 *
 * <p>A stream is measured only where a program creates a meter and calls it. For one thread, except {@link #close()},
 * which must not be called during another call. Recording a frame does not allocate, unless it emits an event. If another
 * process truncates the page, every method that uses it, except {@link #close()}, throws an
 * {@link IncompatibleException}.
 */
public abstract sealed class FrameMeter implements AutoCloseable permits ReaderMeter, WriterMeter, HopMeter {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final VarHandle COUNT = LONG.varHandle();
    /** Below every threshold. */
    private static final long NO_AGE = -1;

    private final String name;
    private final OwnedPage owned;
    private final MemorySegment page;
    private final String stream;
    private long thresholdNs = Long.MAX_VALUE;
    private boolean hasEvents;
    private long previousNs;
    private final Times intervals;
    private final Times ages;
    private long frames;

    /** The times of a measure. Their sum and maximum are also in fields, so that adding a time does not read the page. */
    private static final class Times {
        private final long histogramAt;
        private final long summaryAt;
        private long sumNs;
        private long maxNs;

        Times(FrameMeasure measure) {
            this.histogramAt = MeterLayout.histogramAt(measure);
            this.summaryAt = MeterLayout.summaryAt(measure);
        }

        void add(MemorySegment page, long ns) {
            long bucket = histogramAt + (long) HistogramLayout.bucket(ns) * Long.BYTES;
            page.set(LONG, bucket, page.get(LONG, bucket) + 1);
            sumNs += ns;
            page.set(LONG, summaryAt + HistogramLayout.SUM, sumNs);
            if (ns > maxNs) {
                maxNs = ns;
                page.set(LONG, summaryAt + HistogramLayout.MAX, ns);
            }
        }
    }

    FrameMeter(String name, MeterRole role, Path stream, String source) {
        this.name = name;
        this.stream = FileNames.text(stream);
        intervals = new Times(FrameMeasure.INTERVAL);
        ages = new Times(FrameMeasure.AGE);
        owned = OwnedPage.create(PageKind.METER, name, "close that meter, or use another name", empty -> {
            empty.set(ValueLayout.JAVA_INT, MeterLayout.ROLE_AT, role.ordinal());
            FixedText.set(empty, MeterLayout.STREAM_AT, MeterLayout.PATH_BYTES, FileNames.text(stream));
            FixedText.set(empty, MeterLayout.SOURCE_AT, MeterLayout.PATH_BYTES, source);
        });
        page = owned.segment();
    }

    /**
     * Emits events of Java Flight Recorder: {@code org.shmrt.SlowFrame} for each frame that is older than a threshold, and
     * {@code org.shmrt.LostFrames} for each loss. They are recorded where a recording of the JVM is running. Without this
     * call there are none.
     *
     * @param ageNs nanoseconds
     */
    public final void eventsAbove(long ageNs) {
        if (ageNs < 0) {
            throw new IllegalArgumentException("the age above which events are emitted cannot be negative: " + ageNs);
        }
        hasEvents = true;
        thresholdNs = ageNs;
        try {
            page.set(LONG, MeterLayout.THRESHOLD_AT, ageNs);
            Faults.poll();
        } catch (InternalError e) {
            throw owned.truncated(e);
        }
    }

    /** Adds a frame; an acquisition time of 0 is not known. */
    final void add(long nowNs, long acquiredNs, long count) {
        long ageNs;
        try {
            ageNs = addTimes(nowNs, acquiredNs);
            Faults.poll();
        } catch (InternalError e) {
            throw owned.truncated(e);
        }
        if (ageNs > thresholdNs) {
            SlowFrame.emit(name, stream, count, ageNs);
        }
    }

    /** Returns the age, {@link #NO_AGE} if it is not known. */
    private long addTimes(long nowNs, long acquiredNs) {
        MemorySegment to = page;
        long intervalNs = nowNs - previousNs;
        if (previousNs != 0 && intervalNs >= 0) { // negative if the clock was set
            intervals.add(to, intervalNs);
        }
        previousNs = nowNs;
        frames++;
        COUNT.setRelease(to, MeterLayout.counterAt(MeterCounter.FRAMES), frames);
        if (acquiredNs == 0) {
            return NO_AGE;
        }
        long ageNs = nowNs - acquiredNs;
        if (ageNs < 0) {
            increase(MeterCounter.NEGATIVE, 1);
            return NO_AGE;
        }
        ages.add(to, ageNs);
        if (ageNs > thresholdNs) {
            increase(MeterCounter.SLOW, 1);
        }
        return ageNs;
    }

    /** Adds lost frames. */
    final void addLost(long frames, long count) {
        count(MeterCounter.LOST, frames);
        if (hasEvents) {
            LostFrames.emit(name, stream, count, frames);
        }
    }

    final void count(MeterCounter counter, long number) {
        try {
            increase(counter, number);
            Faults.poll();
        } catch (InternalError e) {
            throw owned.truncated(e);
        }
    }

    private void increase(MeterCounter counter, long number) {
        long at = MeterLayout.counterAt(counter);
        COUNT.setRelease(page, at, page.get(LONG, at) + number);
    }

    /** {@return the name of the meter} */
    public final String name() {
        return name;
    }

    /**
     * The value of a counter.
     *
     * @param counter which
     * @return its value since the creation
     */
    public final long value(MeterCounter counter) {
        try {
            long value = page.get(LONG, MeterLayout.counterAt(counter));
            Faults.poll();
            return value;
        } catch (InternalError e) {
            throw owned.truncated(e);
        }
    }

    /**
     * The times of a measure.
     *
     * @param measure which
     * @return a copy of what was added since the creation
     */
    public final LatencyHistogram histogram(FrameMeasure measure) {
        try {
            LatencyHistogram copy =
                    new LatencyHistogram(page, MeterLayout.histogramAt(measure), MeterLayout.summaryAt(measure));
            Faults.poll();
            return copy;
        } catch (InternalError e) {
            throw owned.truncated(e);
        }
    }

    /** Removes the page. Closing twice is harmless. */
    @Override
    public final void close() {
        owned.close();
    }
}
