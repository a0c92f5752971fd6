package org.shmrt.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.shmrt.error.ShmException;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.PixelSummary;
import org.shmrt.image.RawFile;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Recreation;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm read}. */
@Command(name = "read",
        description = "Reads frames, each copied out and checked against the writer: never half of one and half of "
                + "the next.")
final class ReadCommand extends Verb {
    private static final long HYBRID_SPIN_NS = 50_000L;
    private static final long IDLE_NS = 50_000L;
    private static final String STDOUT = "-";

    /** How to wait, in the words of the command line. */
    enum Wait {
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

    @Parameters(paramLabel = "STREAM", converter = Converters.OfStream.class, description = "Path or bare name.")
    private Path stream;

    @Option(names = "--wait", paramLabel = "HOW",
            description = "none (the newest frame, the default for one frame), spin, idle (the default for more), "
                    + "sem, hybrid.")
    private Wait wait;

    @Option(names = "--sem", paramLabel = "N",
            description = "Semaphore to sleep on, 0 to 9; one that no other ShmRT reader holds by default.")
    private Integer semaphore;

    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "5s", converter = Converters.OfDuration.class,
            description = "Longest wait for each frame, for example 500ms; 5s by default.")
    private long timeoutNs;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "Frames to read; 1 by default.")
    private int count;

    @Option(names = "--next", description = "Frames in the order they were written, not the newest each time.")
    private boolean next;

    @Option(names = "--history", paramLabel = "N",
            description = "The newest N frames the stream still holds, oldest first: of a ring, milk's circular buffer, "
                    + "or the slices of a rolling cube. Waits for none.")
    private Integer history;

    @Option(names = "--slot", paramLabel = "N", description = "What lies in slot N of a ring, whatever frame that is.")
    private Integer slot;

    @Option(names = "--follow", description = "Go on when the stream is created anew with the same shape and type.")
    private boolean follow;

    @Option(names = {"-o", "--out"}, paramLabel = "FILE",
            description = "Write to FILE.npy, FILE.fits, FILE.png or FILE.raw; - is raw bytes on standard output. Several "
                    + "frames are stacked along a new first axis.")
    private String out;

    @Option(names = "--json", description = "One line of JSON a frame: count, id, time, frames skipped before it.")
    private boolean json;

    @Override
    public Integer call() {
        checkOptions();
        if (history != null) {
            try (ImageStream opened = ImageStream.open(stream, Access.READ_ONLY)) {
                readHistory(opened);
            }
            return ExitStatus.DONE;
        }
        boolean sleeps = wait == Wait.SEM || wait == Wait.HYBRID;
        try (ImageStream opened = ImageStream.open(stream, sleeps ? Access.READ_WRITE : Access.READ_ONLY);
                FrameReader reader = opened.reader(strategy())) {
            if (slot != null && slot >= opened.layout().depth()) {
                throw wrongUsage("--slot " + slot + ": " + stream + " has slots 0 to " + (opened.layout().depth() - 1));
            }
            reader.onRecreation(follow ? Recreation.FOLLOW : Recreation.REPORT);
            if (STDOUT.equals(out)) {
                toStandardOutput(opened, reader);
            } else {
                toFileOrText(opened, reader);
            }
            if (reader.lostTotal() > 0 && count > 1) {
                note(reader.lostTotal() + " frames were skipped");
            }
        }
        return ExitStatus.DONE;
    }

    private void checkOptions() {
        if (count < 1) {
            throw wrongUsage("--count " + count + ": read at least 1 frame");
        }
        if (history != null && (history < 1 || slot != null || next || wait != null || semaphore != null || count != 1)) {
            throw wrongUsage("--history takes how many frames, at least 1, and neither waits nor counts: leave out "
                    + "--wait, --sem, --next, --count and --slot");
        }
        if (slot != null && (slot < 0 || next || count != 1 || wait != null && wait != Wait.NONE)) {
            throw wrongUsage("--slot takes a slot, 0 or more, and neither waits nor counts: leave out --wait, --next "
                    + "and --count");
        }
        if (STDOUT.equals(out) && json) {
            throw wrongUsage("--out - and --json both want standard output");
        }
        if (out != null && !STDOUT.equals(out)) {
            ImageFiles.checkEnding(Path.of(out));
        }
        if (wait == null) {
            wait = semaphore != null ? Wait.SEM : count > 1 || next ? Wait.IDLE : Wait.NONE;
        }
        if (semaphore != null && wait != Wait.SEM && wait != Wait.HYBRID) {
            throw wrongUsage("--sem goes with --wait sem or --wait hybrid");
        }
    }

    private WaitStrategy strategy() {
        int index = semaphore == null ? WaitStrategy.ANY_SEMAPHORE : semaphore;
        return switch (wait) {
            case SEM -> WaitStrategy.semaphore(index);
            case HYBRID -> WaitStrategy.hybrid(HYBRID_SPIN_NS, index);
            case IDLE -> WaitStrategy.idle(new SleepingIdleStrategy(IDLE_NS));
            case NONE, SPIN -> WaitStrategy.spin();
        };
    }

    private void toStandardOutput(ImageStream opened, FrameReader reader) {
        MemorySegment frame = allocate(opened.layout().frameBytes());
        // System.out would turn bytes into characters and swallow a closed pipe.
        try (OutputStream bytes = new FileOutputStream(FileDescriptor.out)) {
            for (int i = 0; i < count; i++) {
                readInto(frame, opened, reader);
                RawFile.write(bytes, frame);
            }
        } catch (IOException e) {
            throw new ShmException("cannot write to standard output: " + e.getMessage(), e);
        }
    }

    private void toFileOrText(ImageStream opened, FrameReader reader) {
        long frameBytes = opened.layout().frameBytes();
        MemorySegment frames = allocate(out == null ? frameBytes : Math.multiplyExact(frameBytes, (long) count));
        for (int i = 0; i < count; i++) {
            MemorySegment frame = out == null ? frames : frames.asSlice(i * frameBytes, frameBytes);
            readInto(frame, opened, reader);
            report(opened, reader, frame);
        }
        if (out != null) {
            Path file = Path.of(out);
            String remark = ImageFiles.write(file, new MemoryImage(opened.type(), stacked(opened.shape()), frames));
            note(file + ": " + (count > 1 ? count + " frames of " : "") + opened.shape() + " " + opened.type()
                    + (remark == null ? "" : ", " + remark));
        }
    }

    private static MemorySegment allocate(long bytes) {
        try {
            return Arena.ofAuto().allocate(bytes, 8);
        } catch (OutOfMemoryError | IllegalArgumentException e) {
            throw new ShmException("no memory for " + bytes + " bytes of frames: read fewer at a time, or write "
                    + "them to standard output with --out -", e);
        }
    }

    private Shape stacked(Shape shape) {
        if (count == 1) {
            return shape;
        }
        long[] lengths = new long[shape.rank() + 1];
        lengths[0] = count;
        System.arraycopy(shape.lengths(), 0, lengths, 1, shape.rank());
        return Shape.of(lengths);
    }

    private void readInto(MemorySegment frame, ImageStream opened, FrameReader reader) {
        Verdict verdict = slot != null ? readSlot(frame, reader) : switch (wait) {
            case NONE -> reader.readNewest(frame, timeoutNs);
            default -> next ? reader.read(frame, timeoutNs) : reader.readNewer(frame, timeoutNs);
        };
        if (verdict == Verdict.STALE_WRITER && wait == Wait.NONE) {
            MemorySegment.copy(reader.frame(), 0, frame, 0, frame.byteSize());
            note("warning: the write flag of " + stream + " is up and no writer is known to live: this frame may be "
                    + "half written");
            return;
        }
        if (!verdict.hasFrame()) {
            throw noFrame(verdict);
        }
    }

    /** Tries again while the slot is being written, which takes no time but for a writer that died at it. */
    private Verdict readSlot(MemorySegment frame, FrameReader reader) {
        long startNs = System.nanoTime();
        while (true) {
            Verdict verdict = reader.takeSlot(slot);
            if (verdict != Verdict.TIMED_OUT && !verdict.hasFrame() || verdict.hasFrame() && reader.copyTo(frame)) {
                return verdict;
            }
            if (System.nanoTime() - startNs > timeoutNs) {
                return Verdict.STALE_WRITER;
            }
            Thread.onSpinWait();
        }
    }

    private void readHistory(ImageStream opened) {
        FrameHistory past = opened.history();
        int most = Math.min(history, past.capacity());
        if (history > most) {
            note(stream + " holds " + most + " frame" + (most == 1 ? "" : "s") + ", not " + history);
        }
        MemorySegment frames = allocate(Math.multiplyExact(past.frameBytes(), (long) most));
        Verdict verdict = past.read(frames, timeoutNs);
        if (!verdict.hasFrame()) {
            throw noFrame(verdict);
        }
        if (past.length() == 0) {
            throw new ShmException(stream + " has no frame yet");
        }
        HistoryReport report = new HistoryReport(opened, past, frames);
        if (STDOUT.equals(out)) {
            try (OutputStream bytes = new FileOutputStream(FileDescriptor.out)) {
                RawFile.write(bytes, report.frames());
            } catch (IOException e) {
                throw new ShmException("cannot write to standard output: " + e.getMessage(), e);
            }
            return;
        }
        if (json) {
            report.json().forEach(line -> Json.print(out(), line));
        } else if (out == null) {
            report.text().forEach(out()::println);
            out().flush();
        }
        if (out != null) {
            String remark = ImageFiles.write(Path.of(out), report.image());
            note(out + ": " + report.image().shape() + " " + opened.type() + (remark == null ? "" : ", " + remark));
        }
    }

    private ShmException noFrame(Verdict verdict) {
        return switch (verdict) {
            case STALE_WRITER -> new ShmException(stream + " has its write flag up and no writer is known to live: "
                    + "one died in the middle of a frame; the next frame written clears it");
            case RECREATED -> new ShmException(stream + " was created anew or resized while it was read: "
                    + "run the command again to read the new one");
            case REMOVED -> new ShmException(stream + " was removed while it was read");
            case TIMED_OUT -> new TimedOutException("no new frame of " + stream + " within "
                    + String.format(Locale.ROOT, "%s s", timeoutNs / 1e9) + ": is its writer running?");
            default -> new ShmException("reading " + stream + " was interrupted");
        };
    }

    private void report(ImageStream opened, FrameReader reader, MemorySegment frame) {
        PrintWriter text = out();
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("cnt0", reader.count());
            line.put("cnt1", reader.cnt1());
            line.put("cnt2", reader.frameId());
            line.put("acquired_ns", reader.acquiredNs());
            line.put("skipped", reader.lost());
            line.put("strict", reader.isStrict());
            Json.print(text, line);
        } else if (out == null) {
            text.println("frame " + reader.count() + "  " + opened.shape() + " " + opened.type() + "  "
                    + PixelSummary.of(new MemoryImage(opened.type(), opened.shape(), frame))
                    + (reader.lost() > 0 ? "  skipped " + reader.lost() : ""));
            text.flush();
        }
    }
}
