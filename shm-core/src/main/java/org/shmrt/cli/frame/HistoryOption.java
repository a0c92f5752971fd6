package org.shmrt.cli.frame;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Option;

/** {@code --history}: the newest frames that a stream still holds. */
public final class HistoryOption {
    private static final String NAME = "--history";
    private static final String NEW = "--new";
    /** Options for frames that are read one after the other, and for single slots. */
    private static final List<String> EXCLUDED = List.of("--next", "--count", "--slot");

    @Option(
            names = NAME,
            paramLabel = "N",
            description = "The newest N frames that the stream still holds, oldest first: of a DAO ring, of milk's "
                    + "circular buffer, or the slices of a rolling cube. With --wait, waits for a new frame first.")
    private Integer frames;

    @Option(
            names = NEW,
            paramLabel = "M",
            description = "With --history and --wait: wait for M new frames. Default: 1.")
    private Integer newFrames;

    public boolean isGiven() {
        return frames != null;
    }

    /** Refuses values that are not valid, and options that contradict this one. */
    public void check(Verb verb) {
        if (frames == null) {
            if (newFrames != null) {
                throw verb.wrongUsage(NEW + " requires " + NAME);
            }
            return;
        }
        if (newFrames != null && newFrames < 1) {
            throw verb.wrongUsage(NEW + " " + newFrames + ": wait for at least 1 frame");
        }
        if (frames < 1) {
            throw verb.wrongUsage(NAME + " " + frames + ": read at least 1 frame");
        }
        for (String option : EXCLUDED) {
            if (verb.isGiven(option)) {
                throw verb.wrongUsage(NAME + " reads several frames at once: it cannot be combined with " + option);
            }
        }
    }

    /** Copies the frames; prints a remark if the stream holds fewer than were asked for. */
    public HistoryFrames read(Verb verb, ImageStream stream, WaitOptions waiting) {
        if (newFrames != null && !waiting.waitsForFrame()) {
            throw verb.wrongUsage(NEW + " requires --wait spin, idle, sem or hybrid");
        }
        HistoryFrames found =
                waiting.waitsForFrame() ? awaited(verb, stream, waiting) : newest(stream, waiting, frames);
        if (found.length() < frames) {
            verb.note(FileNames.text(stream.path()) + " holds " + Quantity.of(found.length(), "frame") + ", not "
                    + frames);
        }
        return found;
    }

    private HistoryFrames awaited(Verb verb, ImageStream stream, WaitOptions waiting) {
        FrameHistory history = stream.history();
        MemorySegment target = FrameMemory.allocate(history.frameBytes(), Math.min(frames, history.capacity()));
        int wanted = newFrames == null ? 1 : newFrames;
        // The timeout is that of each frame.
        long timeoutNs = (long) Math.min(Long.MAX_VALUE / 2.0, (double) waiting.timeoutNs() * wanted);
        try (FrameReader reader = waiting.reader(verb, stream)) {
            return found(stream, waiting, history, target, history.readNewer(target, wanted, reader, timeoutNs));
        }
    }

    /** Copies all frames that a stream holds. */
    public static HistoryFrames all(ImageStream stream, WaitOptions waiting) {
        return newest(stream, waiting, Integer.MAX_VALUE);
    }

    private static HistoryFrames newest(ImageStream stream, WaitOptions waiting, int wanted) {
        FrameHistory history = stream.history();
        int capacity = Math.min(wanted, history.capacity());
        MemorySegment target = FrameMemory.allocate(history.frameBytes(), capacity);
        return found(stream, waiting, history, target, history.read(target, waiting.timeoutNs()));
    }

    private static HistoryFrames found(
            ImageStream stream, WaitOptions waiting, FrameHistory history, MemorySegment target, Verdict verdict) {
        if (!verdict.hasFrame()) {
            throw waiting.noFrame(stream.path(), verdict);
        }
        if (history.length() == 0) {
            throw new ShmException(FileNames.text(stream.path()) + " has no frame yet");
        }
        return new HistoryFrames(stream, history, target);
    }
}
