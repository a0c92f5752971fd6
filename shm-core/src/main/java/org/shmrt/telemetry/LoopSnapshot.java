package org.shmrt.telemetry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.text.FixedText;

/** What the page of a loop showed at one moment. Immutable. */
public final class LoopSnapshot {
    private final String name;
    private final MemorySegment page;
    private final boolean alive;
    private final long takenNs = System.nanoTime();
    private final List<LatencyHistogram> histograms = new ArrayList<>();

    LoopSnapshot(String name, MemorySegment page, boolean alive) {
        this.name = name;
        this.page = page;
        this.alive = alive;
        for (LoopMeasure measure : LoopMeasure.values()) {
            histograms.add(new LatencyHistogram(
                    page, PageLayout.histogramAt(measure.ordinal()), PageLayout.summaryAt(measure.ordinal())));
        }
    }

    /**
     * The name of the loop.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Whether the process of the loop was alive, by the kernel's lock.
     *
     * @return false for a killed loop
     */
    public boolean isAlive() {
        return alive;
    }

    /**
     * The process of the loop.
     *
     * @return its id in its own pid namespace
     */
    public int pid() {
        return page.get(ValueLayout.JAVA_INT, PageKind.PID_AT);
    }

    /**
     * The state that the loop stored last. A loop that is not alive may show any state.
     *
     * @return the state
     */
    public LoopState state() {
        return LoopState.of(page.get(ValueLayout.JAVA_INT, PageLayout.STATE_AT));
    }

    /**
     * The command that is in force.
     *
     * @return the command
     */
    public LoopCommand command() {
        return LoopCommand.of(page.get(ValueLayout.JAVA_INT, PageLayout.COMMAND_AT));
    }

    /**
     * Why the loop is in its state.
     *
     * @return a sentence, empty if there is none
     */
    public String reason() {
        return FixedText.get(page, PageLayout.REASON_AT, PageLayout.REASON_BYTES);
    }

    /**
     * When the loop was built.
     *
     * @return nanoseconds since 1970 on the wall clock
     */
    public long startedNs() {
        return page.get(ValueLayout.JAVA_LONG, PageKind.STARTED_AT);
    }

    /**
     * The deadline of a step, from the trigger to the end of the step, without the publication.
     *
     * @return nanoseconds, 0 for none
     */
    public long deadlineNs() {
        return page.get(ValueLayout.JAVA_LONG, PageLayout.DEADLINE_AT);
    }

    /**
     * The period of the timer.
     *
     * @return nanoseconds, 0 for a loop with another trigger
     */
    public long periodNs() {
        return page.get(ValueLayout.JAVA_LONG, PageLayout.PERIOD_AT);
    }

    /**
     * The time since the last step.
     *
     * @return nanoseconds, -1 before the first step
     */
    public long sinceLastStepNs() {
        long last = page.get(ValueLayout.JAVA_LONG, PageLayout.LAST_STEP_AT);
        return last == 0 ? -1 : takenNs - last;
    }

    /**
     * The value of a counter.
     *
     * @param counter which
     * @return its value since the loop was built or armed
     */
    public long count(LoopCounter counter) {
        return page.get(ValueLayout.JAVA_LONG, PageLayout.counterAt(counter));
    }

    /** Whether no writer of this version can have written these values. */
    boolean isDamaged() {
        for (LoopCounter counter : LoopCounter.values()) {
            if (count(counter) < 0) {
                return true;
            }
        }
        return histograms.stream().anyMatch(LatencyHistogram::isDamaged);
    }

    /**
     * The times of a measure.
     *
     * @param measure which
     * @return its histogram
     */
    public LatencyHistogram histogram(LoopMeasure measure) {
        return histograms.get(measure.ordinal());
    }
}
