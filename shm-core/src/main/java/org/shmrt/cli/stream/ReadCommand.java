package org.shmrt.cli.stream;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
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
import org.shmrt.stream.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm read}. */
@Command(
        name = "read",
        description = "Reads frames, each copied out and checked against the writer: never half of one and half of "
                + "the next.")
public final class ReadCommand extends Verb {
    private static final String STDOUT = "-";

    @Parameters(paramLabel = "STREAM", converter = Converters.OfStream.class, description = "Path or bare name.")
    private Path stream;

    @Mixin
    private WaitOptions waiting;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "Frames to read; 1 by default.")
    private int count;

    @Option(
            names = "--history",
            paramLabel = "N",
            description =
                    "The newest N frames the stream still holds, oldest first: of a ring, milk's circular buffer, "
                            + "or the slices of a rolling cube. Waits for none.")
    private Integer history;

    @Option(names = "--slot", paramLabel = "N", description = "What lies in slot N of a ring, whatever frame that is.")
    private Integer slot;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description =
                    "Write to FILE.npy, FILE.fits, FILE.png or FILE.raw; - is raw bytes on standard output. Several "
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
        try (ImageStream opened = ImageStream.open(stream, waiting.access());
                FrameReader reader = waiting.reader(opened)) {
            if (slot != null && slot >= opened.layout().depth()) {
                throw wrongUsage("--slot " + slot + ": " + stream + " has slots 0 to "
                        + (opened.layout().depth() - 1));
            }
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
        if (history != null && (history < 1 || slot != null || waiting.isAskedFor() || count != 1)) {
            throw wrongUsage("--history takes how many frames, at least 1, and neither waits nor counts: leave out "
                    + "--wait, --sem, --next, --count and --slot");
        }
        if (slot != null && (slot < 0 || waiting.isAskedToWait() || count != 1)) {
            throw wrongUsage("--slot takes a slot, 0 or more, and neither waits nor counts: leave out --wait, --next "
                    + "and --count");
        }
        if (STDOUT.equals(out) && json) {
            throw wrongUsage("--out - and --json both want standard output");
        }
        if (out != null && !STDOUT.equals(out)) {
            ImageFiles.checkEnding(Path.of(out));
        }
        waiting.settle(this, count);
    }

    private void toStandardOutput(ImageStream opened, FrameReader reader) {
        MemorySegment frame = allocate(opened.layout().frameBytes());
        // System.out would turn bytes into characters and swallow a closed pipe.
        try (OutputStream bytes = new FileOutputStream(FileDescriptor.out)) {
            for (int i = 0; i < count; i++) {
                readInto(frame, reader);
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
            readInto(frame, reader);
            report(opened, reader, frame);
        }
        if (out != null) {
            Path file = Path.of(out);
            String remark = ImageFiles.write(file, new MemoryImage(opened.type(), stacked(opened.shape()), frames));
            note(file + ": " + (count > 1 ? count + " frames of " : "") + opened.shape() + " " + opened.type()
                    + (remark == null ? "" : ", " + remark));
        }
    }

    /** Memory for frames. */
    public static MemorySegment allocate(long bytes) {
        try {
            return Arena.ofAuto().allocate(bytes, 8);
        } catch (OutOfMemoryError | IllegalArgumentException e) {
            throw new ShmException(
                    "no memory for " + bytes + " bytes of frames: read fewer at a time, or write "
                            + "them to standard output with --out -",
                    e);
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

    private void readInto(MemorySegment frame, FrameReader reader) {
        if (slot == null) {
            waiting.read(this, stream, reader, frame);
            return;
        }
        Verdict verdict = readSlot(frame, reader);
        if (!waiting.isStaleButReadable(this, stream, verdict, reader, frame) && !verdict.hasFrame()) {
            throw waiting.noFrame(stream, verdict);
        }
    }

    /** Tries again while the slot is being written, which takes no time but for a writer that died at it. */
    private Verdict readSlot(MemorySegment frame, FrameReader reader) {
        long startNs = System.nanoTime();
        while (true) {
            Verdict verdict = reader.takeSlot(slot);
            if ((verdict != Verdict.TIMED_OUT && !verdict.hasFrame()) || (verdict.hasFrame() && reader.copyTo(frame))) {
                return verdict;
            }
            if (System.nanoTime() - startNs > waiting.timeoutNs()) {
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
        Verdict verdict = past.read(frames, waiting.timeoutNs());
        if (!verdict.hasFrame()) {
            throw waiting.noFrame(stream, verdict);
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
