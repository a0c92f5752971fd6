package org.shmrt.cli.frame;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import picocli.CommandLine.Option;

/** {@code --history}: the newest frames that a stream still holds, in place of frames to wait for. */
public final class HistoryOption {
    private static final String NAME = "--history";
    /** Options for frames to wait for, and for single slots. */
    private static final List<String> EXCLUDED = List.of("--wait", "--sem", "--next", "--count", "--slot");

    @Option(
            names = NAME,
            paramLabel = "N",
            description = "The newest N frames that the stream still holds, oldest first: of a DAO ring, of milk's "
                    + "circular buffer, or the slices of a rolling cube. Does not wait.")
    private Integer frames;

    public boolean isGiven() {
        return frames != null;
    }

    /** Refuses values that are not valid, and options that contradict this one. */
    public void check(Verb verb) {
        if (frames == null) {
            return;
        }
        if (frames < 1) {
            throw verb.wrongUsage(NAME + " " + frames + ": read at least 1 frame");
        }
        for (String option : EXCLUDED) {
            if (verb.isGiven(option)) {
                throw verb.wrongUsage(
                        NAME + " reads frames that the stream already holds: it cannot be combined with " + option);
            }
        }
    }

    /** Copies the frames; prints a remark if the stream holds fewer than were asked for. */
    public HistoryFrames read(Verb verb, ImageStream stream, WaitOptions waiting) {
        HistoryFrames found = newest(stream, waiting, frames);
        if (found.length() < frames) {
            verb.note(stream.path() + " holds " + Quantity.of(found.length(), "frame") + ", not " + frames);
        }
        return found;
    }

    /** Copies all frames that a stream holds. */
    public static HistoryFrames all(ImageStream stream, WaitOptions waiting) {
        return newest(stream, waiting, Integer.MAX_VALUE);
    }

    private static HistoryFrames newest(ImageStream stream, WaitOptions waiting, int wanted) {
        FrameHistory history = stream.history();
        int capacity = Math.min(wanted, history.capacity());
        MemorySegment target = FrameMemory.allocate(history.frameBytes(), capacity);
        Verdict verdict = history.read(target, waiting.timeoutNs());
        if (!verdict.hasFrame()) {
            throw waiting.noFrame(stream.path(), verdict);
        }
        if (history.length() == 0) {
            throw new ShmException(stream.path() + " has no frame yet");
        }
        return new HistoryFrames(stream, history, target);
    }
}
