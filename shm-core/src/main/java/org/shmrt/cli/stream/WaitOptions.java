package org.shmrt.cli.stream;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.TimedOutException;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.RecreationPolicy;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import picocli.CommandLine.Option;

/** How a verb that reads frames waits for them: the options, and what follows from them. */
public final class WaitOptions {
    private static final long HYBRID_SPIN_NS = 50_000L;
    private static final long IDLE_NS = 50_000L;

    /** How to wait, in the words of the command line. */
    enum How {
        /** Takes the newest frame as it is. */
        NONE,
        /** Polls. */
        SPIN,
        /** Polls with short sleeps; needs read permission only. */
        IDLE,
        /** Sleeps on a semaphore. */
        SEM,
        /** Polls, then sleeps on a semaphore. */
        HYBRID
    }

    @Option(
            names = "--wait",
            paramLabel = "HOW",
            description = "none (the newest frame, the default for one frame), spin, idle (the default for more), "
                    + "sem, hybrid.")
    private How how;

    @Option(
            names = "--sem",
            paramLabel = "N",
            description = "Semaphore to sleep on, 0 to 9; one that no other ShmRT reader holds by default.")
    private Integer semaphore;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Converters.OfDuration.class,
            description = "Longest wait for each frame, for example 500ms; 5s by default.")
    private long timeoutNs;

    @Option(names = "--next", description = "Frames in the order they were written, not the newest each time.")
    private boolean next;

    @Option(names = "--follow", description = "Go on when the stream is created anew with the same shape and type.")
    private boolean follow;

    public long timeoutNs() {
        return timeoutNs;
    }

    /** Whether anything was said about waiting; of use before {@link #settle} only. */
    public boolean isAskedFor() {
        return next || how != null || semaphore != null;
    }

    /** Whether a frame to come was asked for; of use before {@link #settle} only. */
    boolean isAskedToWait() {
        return next || (how != null && how != How.NONE);
    }

    /** Chooses what was left open, and refuses what does not go together. */
    public void settle(Verb verb, int count) {
        if (how == null) {
            how = semaphore != null ? How.SEM : count > 1 || next ? How.IDLE : How.NONE;
        }
        if (semaphore != null && !sleeps()) {
            throw verb.wrongUsage("--sem goes with --wait sem or --wait hybrid");
        }
    }

    private boolean sleeps() {
        return how == How.SEM || how == How.HYBRID;
    }

    /** What has to be done with the stream to wait like that. */
    public Access access() {
        return sleeps() ? Access.READ_WRITE : Access.READ_ONLY;
    }

    public FrameReader reader(ImageStream stream) {
        int index = semaphore == null ? WaitStrategy.ANY_SEMAPHORE : semaphore;
        FrameReader reader = stream.reader(
                switch (how) {
                    case SEM -> WaitStrategy.semaphore(index);
                    case HYBRID -> WaitStrategy.hybrid(HYBRID_SPIN_NS, index);
                    case IDLE -> WaitStrategy.idle(new SleepingIdleStrategy(IDLE_NS));
                    case NONE, SPIN -> WaitStrategy.spin();
                });
        reader.onRecreation(follow ? RecreationPolicy.FOLLOW : RecreationPolicy.REPORT);
        return reader;
    }

    /** Takes the next frame, or throws why there is none. */
    public void read(Verb verb, Path stream, FrameReader reader, MemorySegment frame) {
        Verdict verdict = how == How.NONE
                ? reader.readNewest(frame, timeoutNs)
                : next ? reader.read(frame, timeoutNs) : reader.readNewer(frame, timeoutNs);
        if (!isStaleButReadable(verb, stream, verdict, reader, frame) && !verdict.hasFrame()) {
            throw noFrame(stream, verdict);
        }
    }

    /** Takes a frame all the same that a dead writer left, if no other was asked for, and says so. */
    boolean isStaleButReadable(Verb verb, Path stream, Verdict verdict, FrameReader reader, MemorySegment frame) {
        if (verdict != Verdict.STALE_WRITER || how != How.NONE) {
            return false;
        }
        MemorySegment.copy(reader.frame(), 0, frame, 0, frame.byteSize());
        verb.note("warning: the write flag of " + stream + " is up and no writer is known to live: this frame may be "
                + "half written");
        return true;
    }

    public ShmException noFrame(Path stream, Verdict verdict) {
        return switch (verdict) {
            case STALE_WRITER ->
                new ShmException(stream + " has its write flag up and no writer is known to live: "
                        + "one died in the middle of a frame; the next frame written clears it");
            case RECREATED ->
                new ShmException(stream + " was created anew or resized while it was read: "
                        + "run the command again to read the new one");
            case REMOVED -> new ShmException(stream + " was removed while it was read");
            case TIMED_OUT ->
                new TimedOutException("no new frame of " + stream + " within "
                        + String.format(Locale.ROOT, "%s s", timeoutNs / 1e9) + ": is its writer running?");
            default -> new ShmException("reading " + stream + " was interrupted");
        };
    }
}
