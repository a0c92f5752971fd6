package org.shmrt.runtime;

import java.util.List;
import java.util.Optional;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamSet;
import org.shmrt.stream.WaitStrategy;

/** What starts the steps of a loop. Immutable; the methods that change a setting return another trigger. */
public final class Trigger {
    private static final long NS_PER_TICK = 1_000_000;
    /** Away from the kernel's tick: a timer on a tick wakes 27 µs later in one of ten cases. */
    private static final long OFF_TICK_NS = 137_000;

    private static final long SLEEP_BYTES = 64;

    private final Kind kind;
    private final Optional<ImageStream> stream;
    private final Optional<StreamSet> set;
    private final Wait wait;
    private final long periodNs;
    private final long phaseNs;
    private final long spinNs;

    /** The kinds of trigger. */
    enum Kind {
        FRAME,
        FRAMES,
        COUNTER,
        TIMER
    }

    /** How to wait for a frame. */
    enum Wait {
        SPIN,
        SLEEP_THEN_SPIN,
        SEMAPHORE,
        HYBRID
    }

    private Trigger(
            Kind kind,
            Optional<ImageStream> stream,
            Optional<StreamSet> set,
            Wait wait,
            long periodNs,
            long phaseNs,
            long spinNs) {
        this.kind = kind;
        this.stream = stream;
        this.set = set;
        this.wait = wait;
        this.periodNs = periodNs;
        this.phaseNs = phaseNs;
        this.spinNs = spinNs;
    }

    /**
     * Each frame of a stream. Waits like {@link #sleepThenSpin()} unless another way is set.
     *
     * @param stream an open stream, with write permission for every wait except {@link #spin()} without a real-time
     *     priority
     * @return the trigger
     */
    public static Trigger frame(ImageStream stream) {
        return new Trigger(Kind.FRAME, Optional.of(stream), Optional.empty(), Wait.SLEEP_THEN_SPIN, 0, 0, 0);
    }

    /**
     * Each match of several streams. The step gets no frame: it reads {@code set.frame(i)}, and for a set of any streams
     * first asks {@code set.isFresh(i)}. Waits as the set does; {@link #sleepThenSpin()} lets it sleep until shortly
     * before the next match first. Lost frames count as missed, and frames without a partner as unmatched. The commands
     * carry the id of frames that match by id, and none otherwise.
     *
     * <p>While the loop runs or warms up, only its thread uses the set. A warm-up switches it to scratch streams and
     * back; the totals of the set begin again with each.
     *
     * @param set an open set, which the loop does not close
     * @return the trigger
     */
    public static Trigger frames(StreamSet set) {
        return new Trigger(Kind.FRAMES, Optional.empty(), Optional.of(set), Wait.SEMAPHORE, 0, 0, 0);
    }

    /**
     * Each change of a stream's counter; the step gets no frame. Waits by spinning.
     *
     * @param stream an open stream; read permission is sufficient
     * @return the trigger
     */
    public static Trigger counter(ImageStream stream) {
        return new Trigger(Kind.COUNTER, Optional.of(stream), Optional.empty(), Wait.SPIN, 0, 0, 0);
    }

    /**
     * A timer on an absolute grid of the monotonic clock: it does not drift. Its phase is away from the kernel's tick.
     *
     * @param periodNs nanoseconds between two steps, at least 1000
     * @return the trigger, which sleeps
     */
    public static Trigger timer(long periodNs) {
        if (periodNs < 1000) {
            throw new IllegalArgumentException("a period of " + periodNs + " ns is too short: give 1000 or more");
        }
        return new Trigger(
                Kind.TIMER,
                Optional.empty(),
                Optional.empty(),
                Wait.SEMAPHORE,
                periodNs,
                periodNs % NS_PER_TICK == 0 ? OFF_TICK_NS : Math.min(OFF_TICK_NS, periodNs / 2),
                0);
    }

    /**
     * Sets the phase of a timer: a step is due when the monotonic clock modulo the period is the phase.
     *
     * @param newPhaseNs nanoseconds
     * @return the trigger
     */
    public Trigger phaseNs(long newPhaseNs) {
        require(Kind.TIMER, "a phase");
        return new Trigger(kind, stream, set, wait, periodNs, newPhaseNs, spinNs);
    }

    /**
     * Lets a timer wake earlier and spin until the moment.
     *
     * @param newSpinNs nanoseconds, less than the period
     * @return the trigger
     */
    public Trigger spinLastNs(long newSpinNs) {
        require(Kind.TIMER, "a spin before its moment");
        if (newSpinNs < 0 || newSpinNs >= periodNs) {
            throw new IllegalArgumentException("cannot spin for " + newSpinNs + " ns of a period of " + periodNs
                    + " ns: give less than the period");
        }
        return new Trigger(kind, stream, set, wait, periodNs, phaseNs, newSpinNs);
    }

    /**
     * Polls the counter all the time: the lowest latency, for a processor of its own. With a real-time priority the loop
     * sleeps for an eighth of each period, because the kernel takes 50 ms of each second from a thread that never
     * sleeps.
     *
     * @return the trigger
     */
    public Trigger spin() {
        return waiting(Wait.SPIN, 0);
    }

    /**
     * Sleeps until shortly before the next frame, then polls. It learns the period of the frames, and the guard time from
     * its own late wake-ups. A frame that does not come is awaited by sleeping on a semaphore. A set is awaited as its
     * own strategy says, which should poll for a while.
     *
     * @return the trigger
     */
    public Trigger sleepThenSpin() {
        if (kind == Kind.FRAMES) {
            return new Trigger(kind, stream, set, Wait.SLEEP_THEN_SPIN, periodNs, phaseNs, spinNs);
        }
        return waiting(Wait.SLEEP_THEN_SPIN, 0);
    }

    /**
     * Sleeps on a semaphore of the stream.
     *
     * @return the trigger
     */
    public Trigger semaphore() {
        return waiting(Wait.SEMAPHORE, 0);
    }

    /**
     * Polls for a while, then sleeps on a semaphore of the stream.
     *
     * @param newSpinNs how long to poll
     * @return the trigger
     */
    public Trigger hybrid(long newSpinNs) {
        return waiting(Wait.HYBRID, newSpinNs);
    }

    private Trigger waiting(Wait newWait, long newSpinNs) {
        require(Kind.FRAME, "a way to wait");
        return new Trigger(kind, stream, set, newWait, periodNs, phaseNs, newSpinNs);
    }

    private void require(Kind needed, String setting) {
        if (kind != needed) {
            throw new IllegalStateException("only a trigger of kind " + needed + " has " + setting + ", not " + kind);
        }
    }

    long periodNs() {
        return periodNs;
    }

    /** The same trigger for a warm-up at a higher rate: a timer with a shorter period. */
    Trigger at(long newPeriodNs) {
        return kind == Kind.TIMER
                ? new Trigger(kind, stream, set, wait, newPeriodNs, 0, Math.min(spinNs, newPeriodNs / 4))
                : this;
    }

    /** The bytes that one wait may allocate: the native call of a sleep on a semaphore takes up to 64. */
    long waitBytes() {
        return sleepsOnSemaphore() ? SLEEP_BYTES : 0;
    }

    /** Whether a frame that is late is awaited on a semaphore. With a real-time priority, {@link #spin()} does so too. */
    boolean sleepsOnSemaphore() {
        return kind == Kind.FRAMES ? set.orElseThrow().waitStrategy() != WaitStrategy.spin() : kind == Kind.FRAME;
    }

    /** Whether it polls for a while before each trigger, so that something can be prepared in that time. */
    boolean polls() {
        return kind == Kind.COUNTER || wait == Wait.SLEEP_THEN_SPIN || (kind == Kind.FRAME && wait == Wait.SPIN);
    }

    /** The streams that a warm-up has to replace. */
    List<ImageStream> streams() {
        return set.map(StreamSet::streams).orElseGet(() -> stream.stream().toList());
    }

    /**
     * Starts to wait for the frames of these streams, which replace those of the trigger.
     *
     * @param prefetch runs after each sleep that ends before a frame is due
     */
    TriggerSource open(List<ImageStream> inputs, LoopPlan plan, Runnable prefetch) {
        return switch (kind) {
            case FRAME -> new FrameSource(inputs.get(0), wait, spinNs, plan, prefetch);
            case FRAMES -> new SetSource(set.orElseThrow(), inputs, wait, plan, prefetch);
            case COUNTER -> new CounterSource(inputs.get(0), plan, prefetch);
            case TIMER -> new TimerSource(periodNs, phaseNs, spinNs, plan);
        };
    }
}
