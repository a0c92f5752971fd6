package org.shmrt.record;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Settings of a replay. By default all frames, once, at the speed of the recording, with the time of publication as
 * acquisition time. For one thread.
 */
public final class ReplayBuilder {
    private static final double MAX_RATE_HZ = 1e9;

    private final Recording recording;
    private final Map<String, Path> targets = new LinkedHashMap<>();
    private double speed = 1;
    private OptionalDouble rateHz = OptionalDouble.empty();
    private Repeat repeat = Repeat.ONCE;
    private Times times = Times.NOW;
    private Numbers counts = Numbers.FRESH;
    private Numbers ids = Numbers.RECORDED;
    private long fromNs = Long.MIN_VALUE;
    private long toNs = Long.MAX_VALUE;

    /** How often to replay. */
    enum Repeat {
        ONCE,
        UNTIL_STOPPED
    }

    /** Which acquisition times the frames get. */
    enum Times {
        NOW,
        RECORDED
    }

    /** Which counts or ids the frames get. */
    enum Numbers {
        FRESH,
        RECORDED
    }

    ReplayBuilder(Recording recording) {
        this.recording = recording;
    }

    /**
     * Adds a stream.
     *
     * @param name its name in the recording
     * @param target the stream to write: created as the recorded one was, or used if its type and shape are the same
     * @return this builder
     */
    public ReplayBuilder stream(String name, Path target) {
        targets.put(name, target);
        return this;
    }

    /**
     * Sets the speed.
     *
     * @param factor 1 for that of the recording, 2 for twice as fast; positive infinity for as fast as possible
     * @return this builder
     */
    public ReplayBuilder speed(double factor) {
        if (!(factor > 0)) {
            throw new IllegalArgumentException("the speed of a replay must be more than 0, not " + factor);
        }
        speed = factor;
        return this;
    }

    /**
     * Replays the frames of each stream at a constant rate, and not at their recorded intervals. A recording without
     * times, such as a FITS cube of another program, needs it.
     *
     * @param hz frames per second at speed 1
     * @return this builder
     */
    public ReplayBuilder rateHz(double hz) {
        if (!(hz > 0 && hz <= MAX_RATE_HZ)) {
            throw new IllegalArgumentException(
                    "the rate of a replay must be more than 0 and at most 1e9 frames per second, not " + hz);
        }
        rateHz = OptionalDouble.of(hz);
        return this;
    }

    /**
     * Begins again after the last frame, until stopped.
     *
     * @return this builder
     */
    public ReplayBuilder repeating() {
        repeat = Repeat.UNTIL_STOPPED;
        return this;
    }

    /**
     * Publishes the frames with their recorded acquisition times.
     *
     * @return this builder
     */
    public ReplayBuilder withRecordedTimes() {
        times = Times.RECORDED;
        return this;
    }

    /**
     * Publishes the frames with their recorded counts (cnt0), instead of those that follow the newest frame of the
     * stream. To readers, frames that were lost in the recording are lost again, and a count that goes back, at the start
     * or when the replay repeats, starts a new sequence.
     *
     * @return this builder
     */
    public ReplayBuilder withRecordedCounts() {
        counts = Numbers.RECORDED;
        return this;
    }

    /**
     * Publishes the frames with ids (cnt2) that count the frames of the replay from 1, instead of their recorded ids.
     * They do not go back when the replay repeats.
     *
     * @return this builder
     */
    public ReplayBuilder withFreshIds() {
        ids = Numbers.FRESH;
        return this;
    }

    /**
     * Selects an interval of time.
     *
     * @param newFromNs start, nanoseconds since 1970-01-01 UTC, compared with the times of arrival
     * @param newToNs end, exclusive
     * @return this builder
     */
    public ReplayBuilder between(long newFromNs, long newToNs) {
        fromNs = newFromNs;
        toNs = newToNs;
        return this;
    }

    /**
     * Opens or creates the streams.
     *
     * @return the replayer, which has not begun
     * @throws IllegalArgumentException if no stream was added, a format cannot represent one, or one has no times and
     *     neither a rate nor unlimited speed was chosen, or an interval of time was
     * @throws org.shmrt.error.NotFoundException if a stream was not recorded
     * @throws org.shmrt.error.ShmException if a stream cannot be written
     */
    public Replayer open() {
        return new Replayer(this);
    }

    Recording recording() {
        return recording;
    }

    Map<String, Path> targets() {
        return targets;
    }

    double speed() {
        return speed;
    }

    OptionalDouble rateHz() {
        return rateHz;
    }

    boolean isWhole() {
        return fromNs == Long.MIN_VALUE && toNs == Long.MAX_VALUE;
    }

    Repeat repeat() {
        return repeat;
    }

    Times times() {
        return times;
    }

    Numbers counts() {
        return counts;
    }

    Numbers ids() {
        return ids;
    }

    long fromNs() {
        return fromNs;
    }

    long toNs() {
        return toNs;
    }
}
