package org.shmrt.cli.latency;

import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.shmrt.error.ShmException;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.Verdict;
import org.shmrt.telemetry.HopMeter;
import org.shmrt.text.FileNames;

/**
 * Measures the time from the frames of one stream to those of another, by the times that their writers stored: no delay
 * of this process is in them. For one thread.
 */
final class LatencyMeter implements AutoCloseable {
    private static final int REMEMBERED = 4096;
    /** Long enough that the reader checks whether the stream still exists. */
    private static final long CHECK_NS = 1;

    private static final long MAX_LATENCY_NS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    /** Which frames belong together. */
    enum Matching {
        /** Those with the same frame id. */
        ID,
        /** A frame of the second stream and the last one of the first that is not later. */
        TIME
    }

    private final FrameReader from;
    private final FrameReader to;
    private final Matching matching;
    private final Optional<HopMeter> page;
    private final long[] ids = new long[REMEMBERED];
    private final long[] times = new long[REMEMBERED];
    private final Histogram interval = new Histogram(MAX_LATENCY_NS, DIGITS);
    private final Histogram total = new Histogram(MAX_LATENCY_NS, DIGITS);
    private long remembered;
    private long unmatched;
    private long negative;
    private long overwritten;
    private long shownLost;

    /** A meter that also shows what it measures in a page, if there is one, which it closes. */
    LatencyMeter(FrameReader from, FrameReader to, Matching matching, Optional<HopMeter> page) {
        this.from = from;
        this.to = to;
        this.matching = matching;
        this.page = page;
    }

    /** Takes the frames that have arrived; false if there was none. */
    boolean poll() {
        boolean any = rememberAll();
        while (take(to)) {
            any = true;
            long id = to.frameId();
            long timeNs = timeNs(to);
            if (!to.validate()) {
                overwritten++;
                continue;
            }
            // again: the frame that belongs to this one was published before it
            rememberAll();
            match(id, timeNs);
        }
        showLost();
        return any;
    }

    private void showLost() {
        long lost = lost();
        if (page.isPresent() && lost > shownLost) {
            page.get().recordLost(lost - shownLost, to.count());
        }
        shownLost = lost;
    }

    private boolean rememberAll() {
        boolean any = false;
        while (take(from)) {
            any = true;
            int at = (int) (remembered % REMEMBERED);
            ids[at] = from.frameId();
            times[at] = timeNs(from);
            if (from.validate()) {
                remembered++;
            } else {
                overwritten++;
            }
        }
        return any;
    }

    private static boolean take(FrameReader reader) {
        Verdict verdict = reader.awaitNext(CHECK_NS);
        return switch (verdict) {
            case FRESH, SKIPPED, LAPPED, RESTARTED -> true;
            case TIMED_OUT, STALE_WRITER -> false;
            case RECREATED, REMOVED, CLOSED ->
                throw new ShmException(FileNames.text(reader.stream().path())
                        + (verdict == Verdict.RECREATED ? " was re-created" : " was removed")
                        + " while its latency was measured: run the command again");
        };
    }

    /** When the current frame was written, or acquired if the format does not store that, in UTC. */
    private static long timeNs(FrameReader reader) {
        long writtenNs = reader.writtenNs();
        return (writtenNs != 0 ? writtenNs : reader.acquiredNs())
                - reader.stream().layout().clock().offsetNs();
    }

    private void match(long id, long timeNs) {
        for (long i = remembered - 1; i >= Math.max(0, remembered - REMEMBERED); i--) {
            int at = (int) (i % REMEMBERED);
            if (matching == Matching.ID ? ids[at] == id : times[at] <= timeNs) {
                add(timeNs - times[at]);
                if (page.isPresent()) {
                    page.get().record(times[at], timeNs, to.count());
                }
                return;
            }
        }
        unmatched++;
        page.ifPresent(HopMeter::recordUnmatched);
    }

    private void add(long latencyNs) {
        if (latencyNs < 0) {
            negative++;
        } else {
            interval.recordValue(Math.min(latencyNs, MAX_LATENCY_NS));
        }
    }

    /** The latencies since the last call. */
    Histogram takeInterval() {
        Histogram taken = interval.copy();
        total.add(taken);
        interval.reset();
        return taken;
    }

    /** All latencies up to the last {@link #takeInterval}. */
    Histogram total() {
        return total;
    }

    /** Frames of the second stream to which none of the first belongs. */
    long unmatched() {
        return unmatched;
    }

    /** Frames of the second stream that are earlier than the one with their id: the clocks differ. */
    long negative() {
        return negative;
    }

    /** Frames of both streams that were overwritten before they were read. */
    long lost() {
        return from.lostTotal() + to.lostTotal() + overwritten;
    }

    @Override
    public void close() {
        page.ifPresent(HopMeter::close);
    }
}
