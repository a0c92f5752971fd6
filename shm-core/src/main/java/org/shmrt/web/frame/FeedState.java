package org.shmrt.web.frame;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.inspect.StreamSummary;

/**
 * What a list of streams shows of one of them at one moment.
 *
 * @param name its name
 * @param path its file
 * @param layout its layout; empty if it cannot be read
 * @param problem why it cannot be read, or a warning about it; empty if there is none
 * @param generation identifies the file
 * @param count counter of the newest frame
 * @param rateHz frames a second, empty before it is known
 * @param percentilesUs median and 99th percentile of the time between frames; no element if too few frames were seen
 * @param ageNs time since the newest frame, by its stamp or since it was seen; -1 if there is none
 * @param lost frames that the server did not see while somebody looked; not counted above 200 Hz
 * @param freshness how old the newest frame is, compared with the usual time between frames
 * @param writerPid process of ShmRT's writer, 0 if none is known
 * @param meanUs mean time between frames of each of the last seconds, NaN for one without frames
 */
public record FeedState(
        String name,
        Path path,
        Optional<StreamLayout> layout,
        String problem,
        String generation,
        long count,
        OptionalDouble rateHz,
        double[] percentilesUs,
        long ageNs,
        long lost,
        Freshness freshness,
        long writerPid,
        double[] meanUs) {

    /** How old the newest frame is; the names in lower case are part of the protocol. */
    public enum Freshness {
        /** As usual. */
        FRESH,
        /** Some frames are missing at the end. */
        LATE,
        /** No frame for long. */
        IDLE,
        /** The writer died in the middle of a frame. */
        DEAD,
        /** No frame was ever written. */
        NEVER
    }

    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final double FRESH_INTERVALS = 5;
    private static final double LATE_INTERVALS = 20;
    private static final long MIN_FRESH_NS = 500_000_000L;
    private static final long MIN_LATE_NS = 3_000_000_000L;

    static FeedState of(
            String name,
            Path path,
            Optional<StreamSummary> summary,
            String summaryProblem,
            OpenStream stream,
            long nowNs) {
        Optional<StreamLayout> layout = stream.layout().or(() -> summary.map(StreamSummary::layout));
        FrameRates rates = stream.layout().isEmpty() ? new FrameRates(nowNs) : stream.rates();
        long age = ageNs(stream, nowNs);
        boolean dead = stream.isStuck()
                || summary.filter(known -> known.status().writing() && known.writerPid() == 0)
                        .filter(known ->
                                known.status().cnt0() == stream.count() && nowNs - stream.lastChangeNs() > MIN_FRESH_NS)
                        .filter(known -> !known.hasLiveWriter())
                        .isPresent();
        return new FeedState(
                name,
                path,
                layout,
                stream.problem().isEmpty() ? summaryProblem : stream.problem(),
                stream.generation(),
                stream.count(),
                rates.rateHz(),
                rates.percentilesUs(nowNs, P50, P99),
                age,
                stream.lost(),
                dead ? Freshness.DEAD : freshness(stream, age, rates.intervalNs()),
                summary.map(StreamSummary::writerPid).orElse(0L),
                rates.meanUs());
    }

    private static Freshness freshness(OpenStream stream, long ageNs, double intervalNs) {
        if (!stream.hasFrame()) {
            return Freshness.NEVER;
        }
        double interval = Double.isNaN(intervalNs) ? 0 : intervalNs;
        if (ageNs <= Math.max(MIN_FRESH_NS, FRESH_INTERVALS * interval)) {
            return Freshness.FRESH;
        }
        return ageNs <= Math.max(MIN_LATE_NS, LATE_INTERVALS * interval) ? Freshness.LATE : Freshness.IDLE;
    }

    /** By the stamp of the writer if it can be one, else since the server saw the frame. */
    private static long ageNs(OpenStream stream, long nowNs) {
        if (!stream.hasFrame() || stream.layout().isEmpty()) {
            return -1;
        }
        StreamLayout layout = stream.layout().get();
        long acquiredNs = stream.acquiredNs();
        return layout.clock().isPlausible(acquiredNs)
                ? Math.max(0, layout.clock().nowNs() - acquiredNs)
                : nowNs - stream.lastChangeNs();
    }
}
