package org.shmrt.cli.frame;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.TimedOutException;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.RecreationPolicy;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Option;

/** How a verb that reads frames waits for them: the options and their effects. */
public final class WaitOptions {
    private static final long HYBRID_SPIN_NS = 50_000L;
    private static final long IDLE_SLEEP_NS = 50_000L;

    /** Ways to wait, with the names that the command line uses. */
    enum Mode {
        /** Does not wait: reads the newest frame. */
        NONE,
        /** Polls. */
        SPIN,
        /** Polls with short sleeps; needs only read permission. */
        IDLE,
        /** Sleeps on a semaphore. */
        SEM,
        /** Polls, then sleeps on a semaphore. */
        HYBRID
    }

    @Option(
            names = "--wait",
            paramLabel = "HOW",
            description = "none (the newest frame; default for one frame), spin, idle (default for several frames), "
                    + "sem or hybrid.")
    private Mode mode;

    @Option(
            names = "--sem",
            paramLabel = "N",
            description = "Semaphore to sleep on, from 0. Default: one that no other reader has claimed.")
    private Integer semaphoreIndex;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Converters.ToNanoseconds.class,
            description = "Maximum wait for each frame, for example 500ms. Default: 5s.")
    private long timeoutNs;

    @Option(names = "--next", description = "Read frames in the order they were written, not the newest each time.")
    private boolean inOrder;

    @Option(names = "--follow", description = "Continue if the stream is re-created with the same shape and type.")
    private boolean followRecreation;

    public long timeoutNs() {
        return timeoutNs;
    }

    /** Whether the options ask for a future frame; valid before {@link #resolveDefaults} only. */
    public boolean asksForFutureFrame() {
        return inOrder || (mode != null && mode != Mode.NONE);
    }

    /** Chooses the mode if it was not given, and refuses options that contradict each other. */
    public void resolveDefaults(Verb verb, int frames) {
        if (mode == null) {
            mode = semaphoreIndex != null ? Mode.SEM : frames > 1 || inOrder ? Mode.IDLE : Mode.NONE;
        }
        if (semaphoreIndex != null && !sleepsOnSemaphore()) {
            throw verb.wrongUsage("--sem requires --wait sem or --wait hybrid");
        }
    }

    /** Whether a new frame is waited for; valid after {@link #resolveDefaults}. */
    public boolean waitsForFrame() {
        return mode != Mode.NONE;
    }

    private boolean sleepsOnSemaphore() {
        return mode == Mode.SEM || mode == Mode.HYBRID;
    }

    /** The access to the stream that this way of waiting needs. */
    public Access access() {
        return sleepsOnSemaphore() ? Access.READ_WRITE : Access.READ_ONLY;
    }

    /** Starts to read. Prints a warning if another reader has claimed the semaphore that the user asks for. */
    public FrameReader reader(Verb verb, ImageStream stream) {
        if (semaphoreIndex != null) {
            warnIfClaimed(verb, stream.path());
        }
        int index = semaphoreIndex == null ? WaitStrategy.ANY_SEMAPHORE : semaphoreIndex;
        FrameReader reader = stream.reader(
                switch (mode) {
                    case SEM -> WaitStrategy.semaphore(index);
                    case HYBRID -> WaitStrategy.hybrid(HYBRID_SPIN_NS, index);
                    case IDLE -> WaitStrategy.idle(new SleepingIdleStrategy(IDLE_SLEEP_NS));
                    case NONE, SPIN -> WaitStrategy.spin();
                });
        reader.onRecreation(followRecreation ? RecreationPolicy.FOLLOW : RecreationPolicy.REPORT);
        return reader;
    }

    private void warnIfClaimed(Verb verb, Path stream) {
        List<SemaphoreState> semaphores = StreamInfo.of(stream).semaphores();
        boolean exists =
                semaphoreIndex >= 0 && semaphoreIndex < semaphores.size() && semaphores.get(semaphoreIndex) != null;
        if (exists && semaphores.get(semaphoreIndex).claimed()) {
            int pid = semaphores.get(semaphoreIndex).readerPid();
            verb.note("warning: " + (pid == 0 ? "another reader" : "process " + pid) + " has claimed semaphore "
                    + semaphoreIndex + " of " + FileNames.text(stream)
                    + ": the two readers take each other's wake-ups, and a program of"
                    + " DAO can miss frames; without --sem each reader gets one of its own");
        }
    }

    /** Copies the next frame, or throws an exception that says why there is none. */
    public void read(Verb verb, Path stream, FrameReader reader, MemorySegment frame) {
        Verdict verdict = mode == Mode.NONE
                ? reader.readNewest(frame, timeoutNs)
                : inOrder ? reader.read(frame, timeoutNs) : reader.readNewer(frame, timeoutNs);
        requireFrame(verb, stream, verdict, reader, frame);
    }

    /**
     * Throws an exception if a read returned no frame. If the writer died inside the frame and the options do not ask
     * for a future one, copies that frame instead and prints a warning.
     */
    public void requireFrame(Verb verb, Path stream, Verdict verdict, FrameReader reader, MemorySegment frame) {
        if (verdict.hasFrame()) {
            return;
        }
        if (verdict != Verdict.STALE_WRITER || mode != Mode.NONE) {
            throw noFrame(stream, verdict);
        }
        copyStale(verb, stream, reader, frame);
    }

    /**
     * Copies the frame in which a writer died, and prints a warning.
     *
     * @throws IncompatibleException if another process truncates the stream's file meanwhile
     */
    public static void copyStale(Verb verb, Path stream, FrameReader reader, MemorySegment frame) {
        try {
            GuardedCopy.copy(reader.frame(), 0, frame, 0, frame.byteSize());
            Faults.poll();
        } catch (InternalError e) {
            throw new IncompatibleException(
                    FileNames.text(stream)
                            + " was truncated by another process while it was read, or its file system is"
                            + " full: open it again",
                    e);
        }
        verb.note("warning: the write flag of " + FileNames.text(stream)
                + " is set, but no writer is known to be alive: this frame may be only partly written");
    }

    /** Why there is no frame, and what to do. */
    public ShmException noFrame(Path stream, Verdict verdict) {
        return switch (verdict) {
            case STALE_WRITER ->
                new ShmException("the write flag of " + FileNames.text(stream)
                        + " is set, but no writer is known to be alive: a "
                        + "writer died in the middle of a frame; the next frame written clears the flag");
            case RECREATED ->
                new ShmException(FileNames.text(stream)
                        + " was re-created or resized while it was read: run the command again to "
                        + "read the new stream");
            case REMOVED -> new ShmException(FileNames.text(stream) + " was removed while it was read");
            case TIMED_OUT ->
                new TimedOutException("no new frame of " + FileNames.text(stream) + " within "
                        + String.format(Locale.ROOT, "%s s", timeoutNs / 1e9) + ": is its writer running?");
            default -> new ShmException("reading " + FileNames.text(stream) + " was interrupted");
        };
    }
}
