package org.shmrt.telemetry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.BusyException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.text.FixedText;

/**
 * Writes the page of one loop. The page is the file {@code shmrt-loop.NAME} in {@code $SHMRT_LOOP_DIR}, else in
 * {@code /dev/shm}. A kernel lock shows that the loop is alive; the page of a killed loop is taken over by the next
 * writer of the same name. For one thread, except {@link #close()}. No call after the creation allocates.
 */
public final class TelemetryWriter implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final VarHandle WORD = INT.varHandle();
    private static final VarHandle COUNT = LONG.varHandle();
    private static final int PERMISSIONS = 0664;
    private static final int ATTEMPTS = 10;
    private static final LoopMeasure[] MEASURES = LoopMeasure.values();

    private final Path path;
    private final FileLock lock;
    private final Arena arena;
    private final MemorySegment page;
    private boolean closed;

    private TelemetryWriter(Path path, FileLock lock, Arena arena, MemorySegment page) {
        this.path = path;
        this.lock = lock;
        this.arena = arena;
        this.page = page;
    }

    /**
     * Creates the page of a loop, or takes over the page of a killed one, and empties it.
     *
     * @param name the name of the loop: letters, digits, {@code _}, {@code -} and {@code .}
     * @return the writer; its state is {@link LoopState#STANDBY}
     * @throws BusyException if a loop of this name is alive
     * @throws IllegalArgumentException if the name is not valid
     */
    public static TelemetryWriter create(String name) {
        Path path = PageLayout.path(name);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            TelemetryWriter writer = tryOpen(path);
            if (writer != null) {
                writer.reset(name);
                return writer;
            }
            tryCreate(path);
        }
        throw new BusyException("cannot create the page " + path + " of the loop " + name
                + ": another program keeps creating and removing it");
    }

    /** The existing page, locked; null if there is none of this version any more. */
    private static TelemetryWriter tryOpen(Path path) {
        FileLock lock;
        try {
            lock = FileLock.tryExclusive(path);
        } catch (NotFoundException e) {
            return null;
        }
        if (lock == null) {
            throw new BusyException("the loop " + path.getFileName().toString().substring(PageLayout.PREFIX.length())
                    + " is running already: " + FileLock.ownerText(path) + " holds " + path
                    + "; stop it (shm loop stop), or use another name");
        }
        Arena arena = Arena.ofShared();
        try {
            MappedFile file = MappedFile.readWrite(path, arena);
            if (lock.isOn(file.id()) && file.byteSize() == PageLayout.BYTES) {
                return new TelemetryWriter(path, lock, arena, file.segment());
            }
            if (lock.isOn(file.id())) {
                remove(path); // the page of another version, which nobody uses
            }
        } catch (ShmException e) {
            arena.close();
            lock.close();
            throw e;
        }
        arena.close();
        lock.close();
        return null;
    }

    private static void tryCreate(Path path) {
        try (UnlinkedFile file = UnlinkedFile.in(path, Permissions.withUmask(PERMISSIONS))) {
            file.reserve(PageLayout.BYTES);
            file.link();
        } catch (AlreadyExistsException e) {
            // created at the same time by another process: the next attempt opens it
        }
    }

    private void reset(String name) {
        page.set(LONG, PageLayout.MAGIC_AT, 0);
        VarHandle.fullFence();
        page.asSlice(Long.BYTES).fill((byte) 0);
        page.set(INT, PageLayout.VERSION_AT, PageLayout.VERSION);
        page.set(INT, PageLayout.PID_AT, OwnProcess.PID);
        page.set(LONG, PageLayout.STARTED_AT, Clocks.realtimeNs());
        FixedText.set(page, PageLayout.NAME_AT, PageLayout.NAME_BYTES, name);
        page.set(INT, PageLayout.STATE_AT, LoopState.STANDBY.ordinal());
        COUNT.setRelease(page, PageLayout.MAGIC_AT, PageLayout.MAGIC);
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
        MemorySegment to = page;
        long bucket = PageLayout.histogramAt(measure) + (long) PageLayout.bucket(ns) * Long.BYTES;
        to.set(LONG, bucket, to.get(LONG, bucket) + 1);
        long summary = PageLayout.summaryAt(measure);
        to.set(LONG, summary + PageLayout.SUM, to.get(LONG, summary + PageLayout.SUM) + ns);
        if (ns > to.get(LONG, summary + PageLayout.MAX)) {
            to.set(LONG, summary + PageLayout.MAX, ns);
        }
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
        return new LatencyHistogram(page, measure.ordinal());
    }

    /** Empties the histograms and counters, for example after a warm-up. */
    public void clearMeasures() {
        page.asSlice(PageLayout.COUNTERS_AT, (long) LoopCounter.values().length * Long.BYTES)
                .fill((byte) 0);
        page.asSlice(PageLayout.SUMMARIES_AT, (long) MEASURES.length * PageLayout.SUMMARY_BYTES)
                .fill((byte) 0);
        page.asSlice(PageLayout.HISTOGRAMS_AT).fill((byte) 0);
    }

    /**
     * The file of the page.
     *
     * @return its path
     */
    public Path path() {
        return path;
    }

    /** Sets the state to {@link LoopState#OFF} and removes the page. Closing twice is harmless. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            WORD.setRelease(page, PageLayout.STATE_AT, LoopState.OFF.ordinal());
            remove(path);
        } finally {
            lock.close();
            arena.close();
        }
    }

    static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (java.io.IOException e) {
            throw new ShmException("cannot remove the page " + path + ": " + e.getMessage(), e);
        }
    }
}
