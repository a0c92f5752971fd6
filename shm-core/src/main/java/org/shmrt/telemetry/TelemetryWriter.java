package org.shmrt.telemetry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.text.FixedText;

/**
 * Writes the page of one loop. The page is the file {@code shmrt-loop.NAME} in {@code $SHMRT_LOOP_DIR}, else in
 * {@code /dev/shm}. A kernel lock shows that the loop is alive; the page of a killed loop is taken over by the next
 * writer of the same name. For one thread, except {@link #close()}. No call after the creation allocates. If another
 * process truncates the page, a call except {@link #close()} may raise an {@link InternalError}.
 */
public final class TelemetryWriter implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final VarHandle WORD = INT.varHandle();
    private static final VarHandle COUNT = LONG.varHandle();
    private static final LoopMeasure[] MEASURES = LoopMeasure.values();

    private final OwnedPage owned;
    private final MemorySegment page;
    private boolean closed;

    private TelemetryWriter(OwnedPage owned) {
        this.owned = owned;
        this.page = owned.segment();
    }

    /**
     * Creates the page of a loop, or takes over the page of a killed one, and empties it.
     *
     * @param name the name of the loop: letters, digits, {@code _}, {@code -} and {@code .}
     * @return the writer; its state is {@link LoopState#STANDBY}
     * @throws BusyException if a loop of this name is alive
     * @throws IncompatibleException if another process truncated the page
     * @throws IllegalArgumentException if the name is not valid
     */
    public static TelemetryWriter create(String name) {
        return new TelemetryWriter(OwnedPage.create(
                PageKind.LOOP,
                name,
                "stop it (shm loop stop), or use another name",
                page -> page.set(INT, PageLayout.STATE_AT, LoopState.STANDBY.ordinal())));
    }

    /**
     * Sets the state and its reason.
     *
     * @param state the new state
     * @param reason a sentence for {@link LoopState#ERROR}, else empty
     */
    public void state(LoopState state, String reason) {
        FixedText.set(page, PageLayout.REASON_AT, PageLayout.REASON_BYTES, reason);
        WORD.setRelease(page, PageLayout.STATE_AT, state.ordinal());
    }

    /**
     * Sets what the loop promises.
     *
     * @param deadlineNs from the trigger to the end of the step, without the publication; 0 for none
     * @param periodNs the period of a timer; 0 for other triggers
     */
    public void plan(long deadlineNs, long periodNs) {
        page.set(LONG, PageLayout.DEADLINE_AT, deadlineNs);
        page.set(LONG, PageLayout.PERIOD_AT, periodNs);
    }

    /**
     * The command that another process stored last.
     *
     * @return the command, initially {@link LoopCommand#RUN}
     */
    public LoopCommand command() {
        return LoopCommand.of((int) WORD.getAcquire(page, PageLayout.COMMAND_AT));
    }

    /**
     * Replaces the command, for example {@link LoopCommand#STEP} by {@link LoopCommand#PAUSE} after the step.
     *
     * @param command the new command
     */
    public void command(LoopCommand command) {
        WORD.setRelease(page, PageLayout.COMMAND_AT, command.ordinal());
    }

    /**
     * Adds one measured time.
     *
     * @param measure what was measured
     * @param ns the time; a negative one is not known and is not added
     */
    public void add(LoopMeasure measure, long ns) {
        if (ns >= 0) {
            addAt(measure.ordinal(), ns);
        }
    }

    private void addAt(int measure, long ns) {
        HistogramLayout.add(page, PageLayout.histogramAt(measure), PageLayout.summaryAt(measure), ns);
    }

    /**
     * Adds to a counter.
     *
     * @param counter which
     * @param number how many
     */
    public void count(LoopCounter counter, long number) {
        long at = PageLayout.counterAt(counter);
        COUNT.setRelease(page, at, page.get(LONG, at) + number);
    }

    /**
     * Ends a step: stores its time and counts it.
     *
     * @param endNs when it ended, on the clock of {@link System#nanoTime()}
     */
    public void endStep(long endNs) {
        page.set(LONG, PageLayout.LAST_STEP_AT, endNs);
        count(LoopCounter.STEPS, 1);
    }

    /**
     * The value of a counter.
     *
     * @param counter which
     * @return its value since the creation or {@link #clearMeasures()}
     */
    public long value(LoopCounter counter) {
        return page.get(LONG, PageLayout.counterAt(counter));
    }

    /**
     * The times of a measure.
     *
     * @param measure which
     * @return a copy of what was added since the creation or {@link #clearMeasures()}
     */
    public LatencyHistogram histogram(LoopMeasure measure) {
        return new LatencyHistogram(
                page, PageLayout.histogramAt(measure.ordinal()), PageLayout.summaryAt(measure.ordinal()));
    }

    /** Empties the histograms and counters, for example after a warm-up. */
    public void clearMeasures() {
        page.asSlice(PageLayout.COUNTERS_AT, (long) LoopCounter.values().length * Long.BYTES)
                .fill((byte) 0);
        page.asSlice(PageLayout.SUMMARIES_AT, (long) MEASURES.length * HistogramLayout.SUMMARY_BYTES)
                .fill((byte) 0);
        page.asSlice(PageLayout.HISTOGRAMS_AT).fill((byte) 0);
    }

    /**
     * The file of the page.
     *
     * @return its path
     */
    public Path path() {
        return owned.path();
    }

    /** Sets the state to {@link LoopState#OFF} and removes the page. Closing twice is harmless. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (owned) {
            WORD.setRelease(page, PageLayout.STATE_AT, LoopState.OFF.ordinal());
            Faults.poll();
        } catch (InternalError e) {
            // truncated: nobody can read the state
        }
    }
}
