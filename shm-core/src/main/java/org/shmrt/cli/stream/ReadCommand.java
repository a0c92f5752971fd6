package org.shmrt.cli.stream;

import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.cli.frame.HistoryFrames;
import org.shmrt.cli.frame.HistoryOption;
import org.shmrt.cli.frame.Recording;
import org.shmrt.cli.frame.RegionOption;
import org.shmrt.cli.frame.WaitOptions;
import org.shmrt.cli.picture.Caption;
import org.shmrt.cli.picture.ColourPlanes;
import org.shmrt.cli.picture.PictureOptions;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Progress;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.StandardStreams;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.RawFile;
import org.shmrt.image.pixel.PixelSummary;
import org.shmrt.image.pixel.Reorder;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm read}. */
@Command(
        name = "read",
        description = {
            "Reads frames.",
            "Each frame is copied and checked against concurrent writes, so that it never mixes two frames."
        })
public final class ReadCommand extends Verb {
    @Parameters(
            paramLabel = "STREAM",
            converter = Converters.ToExistingStream.class,
            description = "Path or bare name.")
    private Path stream;

    @Mixin
    private WaitOptions waiting;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "Frames to read. Default: 1.")
    private int count;

    @Mixin
    private HistoryOption history;

    @Option(names = "--slot", paramLabel = "N", description = "Read slot N of a ring, whichever frame it contains.")
    private Integer slot;

    @Mixin
    private RegionOption region;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Write to FILE.npy, FILE.fits, FILE.png or FILE.raw; - writes raw bytes to standard output. "
                    + "Several frames are stacked along a new first axis.")
    private String out;

    @Option(
            names = "--transpose",
            description = "Swap the last two axes of each frame in the output, as pyMilk's save_as_fits does.")
    private boolean transpose;

    @Mixin
    private PictureOptions pictures;

    @Option(
            names = "--json",
            description = "Print one line of JSON per frame: counter, id, time, frames skipped before it.")
    private boolean json;

    private boolean selectsFromRing;

    @Override
    public Integer call() {
        checkOptions();
        if (history.isGiven()) {
            try (ImageStream opened = ImageStream.open(stream, waiting.access())) {
                reportHistory(opened, history.read(this, opened, waiting));
            }
            return ExitStatus.DONE;
        }
        try (ImageStream opened = ImageStream.open(stream, waiting.access());
                FrameReader reader = waiting.reader(this, opened)) {
            if (slot != null && slot >= opened.layout().depth()) {
                throw wrongUsage("--slot " + slot + ": " + FileNames.text(stream) + " has slots 0 to "
                        + (opened.layout().depth() - 1));
            }
            if (selectsFromRing
                    && opened.shape().rank() <= 2
                    && opened.history().capacity() > 1) {
                reportSliceOfRing(opened);
                return ExitStatus.DONE;
            }
            if (isToFile() && count > 1) {
                return record(opened, reader);
            }
            if (isToStandardOutput()) {
                writeToStandardOutput(opened, reader);
            } else {
                writeToFileOrText(opened, reader);
            }
            noteSkipped(reader);
        }
        return ExitStatus.DONE;
    }

    private void noteSkipped(FrameReader reader) {
        if (reader.lostTotal() > 0 && count > 1) {
            note(Quantity.of(reader.lostTotal(), "frame") + " skipped");
        }
    }

    private void checkOptions() {
        if (count < 1) {
            throw wrongUsage("--count " + count + ": read at least 1 frame");
        }
        history.check(this);
        if (slot != null && (slot < 0 || waiting.asksForFutureFrame() || count != 1)) {
            throw wrongUsage("--slot reads one slot, 0 or higher, that the stream already holds: it cannot be combined "
                    + "with --wait, --next or --count");
        }
        if (isToStandardOutput() && json) {
            throw wrongUsage("--out - and --json both write to standard output: give only one of them");
        }
        if (isToFile()) {
            ImageFiles.checkEnding(FileNames.parse(out));
        }
        pictures.check(this, isToFile() && PictureOptions.isPicture(out));
        if (pictures.slice().isGiven() && !isToFile() && (out != null || json || count > 1 || history.isGiven())) {
            throw wrongUsage("--slice selects a part for a file, or for the text about one frame: give --out FILE");
        }
        selectsFromRing = pictures.slice().isGiven()
                && !history.isGiven()
                && slot == null
                && count == 1
                && !waiting.asksForFutureFrame();
        waiting.resolveDefaults(this, count);
    }

    private boolean isToStandardOutput() {
        return StandardStreams.NAME.equals(out);
    }

    private boolean isToFile() {
        return out != null && !isToStandardOutput();
    }

    private void writeToStandardOutput(ImageStream opened, FrameReader reader) {
        MemorySegment frame = FrameMemory.allocate(region.byteSize(opened), 1);
        OutputStream bytes = StandardStreams.output();
        for (int i = 0; i < count; i++) {
            try {
                readInto(frame, opened, reader);
            } catch (ShmException e) {
                if (i > 0) {
                    note("wrote " + i + " of " + Quantity.of(count, "frame"));
                }
                throw e;
            }
            RawFile.write(bytes, inOutputOrder(region.shape(opened), opened.type(), frame));
        }
    }

    private void writeToFileOrText(ImageStream opened, FrameReader reader) {
        MemorySegment frame = FrameMemory.allocate(region.byteSize(opened), 1);
        for (int i = 0; i < count; i++) {
            readInto(frame, opened, reader);
            report(opened, reader, frame);
        }
        if (isToFile()) {
            MemoryImage image = new MemoryImage(
                    opened.type(),
                    outputShape(region.shape(opened)),
                    inOutputOrder(region.shape(opened), opened.type(), frame));
            write(
                    opened,
                    pictures.slice().of(image),
                    () -> Caption.ofFrame(opened, reader.count(), reader.acquiredNs()),
                    Optional.empty());
            if (reader.count() == 0 && PictureOptions.isPicture(out)) {
                note("warning: " + FileNames.text(stream)
                        + " was never written: the picture shows its memory as it was created");
            }
        }
    }

    /** Reads several frames and writes them to one file, also if fewer arrive. */
    private int record(ImageStream opened, FrameReader reader) {
        long frameBytes = region.byteSize(opened);
        MemorySegment frames = FrameMemory.allocate(frameBytes, count);
        try (Recording recording = new Recording(FileNames.parse(out), count, progress())) {
            boolean more = true;
            while (more) {
                more = recording.readNext(index -> {
                    MemorySegment frame = frames.asSlice(index * frameBytes, frameBytes);
                    readInto(frame, opened, reader);
                    report(opened, reader, frame);
                });
            }
            if (recording.isEmpty(this)) {
                return ExitStatus.FAILED;
            }
            MemorySegment read = frames.asSlice(0, recording.frames() * frameBytes);
            Shape frame = outputShape(region.shape(opened));
            Shape shape = HistoryFrames.stacked(recording.frames(), frame);
            MemoryImage stacked =
                    new MemoryImage(opened.type(), shape, inOutputOrder(region.shape(opened), opened.type(), read));
            write(
                    opened,
                    pictures.slice().ofStack(stacked),
                    () -> Caption.ofFrames(opened, recording.frames()),
                    pictures.slice().isGiven() ? Optional.empty() : Optional.of(recording.extent() + " of " + frame));
            noteSkipped(reader);
            return recording.status();
        }
    }

    /** With --json there is a line for each frame, which shows the progress. */
    private Progress progress() {
        return json ? Progress.hidden() : new Progress(err(), "frames", OptionalLong.of(count));
    }

    /** Writes an image. {@code content} describes it; if empty, its shape does. */
    private void write(ImageStream opened, MemoryImage image, Supplier<Caption> caption, Optional<String> content) {
        boolean isPicture = PictureOptions.isPicture(out);
        Optional<String> remark = pictures.write(
                FileNames.parse(out), isPicture ? ColourPlanes.forPicture(image, opened) : image, caption);
        note(out + ": " + content.orElse(image.shape().toString()) + " " + image.type()
                + remark.map(text -> ", " + text).orElse(""));
    }

    private Shape outputShape(Shape frame) {
        return transpose ? Reorder.lastAxesSwapped(frame) : frame;
    }

    /** One frame, or several, in the order of axes for the output. */
    private MemorySegment inOutputOrder(Shape frame, DataType type, MemorySegment frames) {
        if (!transpose) {
            return frames;
        }
        MemorySegment planes = FrameMemory.allocate(frames.byteSize(), 1);
        Reorder.swapLastAxes(frames, planes, frame, type.itemBytes());
        return planes;
    }

    private void readInto(MemorySegment part, ImageStream opened, FrameReader reader) {
        region.read(opened, part, frame -> readWhole(frame, reader));
    }

    private void readWhole(MemorySegment frame, FrameReader reader) {
        if (slot == null) {
            waiting.read(this, stream, reader, frame);
        } else {
            waiting.requireFrame(this, stream, readSlot(frame, reader), reader, frame);
        }
    }

    /** Repeats the read while the slot is being written; only a writer that died there does not finish. */
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

    private void reportHistory(ImageStream opened, HistoryFrames frames) {
        if (isToStandardOutput()) {
            RawFile.write(StandardStreams.output(), stack(opened, frames).data());
            return;
        }
        for (int i = 0; i < frames.length(); i++) {
            if (json) {
                printJson(frames, i);
            } else if (!isToFile()) {
                print(text(frames.count(i), region.of(frames.frame(i))));
            }
        }
        if (isToFile()) {
            writeStack(opened, frames);
        }
    }

    private void printJson(HistoryFrames frames, int index) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("cnt0", Json.unsigned(frames.count(index)));
        line.put("acquired_ns", frames.acquiredNs(index));
        printJson(line);
    }

    private MemoryImage stack(ImageStream opened, HistoryFrames frames) {
        Shape whole = HistoryFrames.stacked(frames.length(), frames.frameShape());
        MemoryImage all = region.of(new MemoryImage(opened.type(), whole, frames.bytes()));
        Shape frame = region.shape(frames.frameShape());
        return new MemoryImage(
                opened.type(),
                HistoryFrames.stacked(frames.length(), outputShape(frame)),
                inOutputOrder(frame, opened.type(), all.data()));
    }

    private void writeStack(ImageStream opened, HistoryFrames frames) {
        MemoryImage selected = pictures.slice().ofStack(stack(opened, frames));
        OptionalInt index = pictures.slice().frame(frames.length());
        Supplier<Caption> caption = () -> index.isPresent()
                ? Caption.ofFrame(opened, frames.count(index.getAsInt()), frames.acquiredNs(index.getAsInt()))
                : Caption.ofFrames(opened, frames.length());
        write(opened, selected, caption, Optional.empty());
    }

    /** One of the frames that a ring holds. */
    private void reportSliceOfRing(ImageStream opened) {
        HistoryFrames frames = HistoryOption.all(opened, waiting);
        MemoryImage frame = pictures.slice().ofStack(stack(opened, frames));
        int index = pictures.slice().frame(frames.length()).orElseThrow();
        if (json) {
            printJson(frames, index);
        }
        if (isToFile()) {
            write(
                    opened,
                    frame,
                    () -> Caption.ofFrame(opened, frames.count(index), frames.acquiredNs(index)),
                    Optional.empty());
        } else {
            print(text(frames.count(index), frame));
        }
    }

    private void report(ImageStream opened, FrameReader reader, MemorySegment frame) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("cnt0", Json.unsigned(reader.count()));
            line.put("cnt1", Json.unsigned(reader.cnt1()));
            line.put("cnt2", Json.unsigned(reader.frameId()));
            line.put("acquired_ns", reader.acquiredNs());
            line.put("skipped", reader.lost());
            line.put("strict", reader.isStrict());
            printJson(line);
        } else if (!isToFile()) {
            print(text(reader.count(), pictures.slice().of(new MemoryImage(opened.type(), region.shape(opened), frame)))
                    + (reader.lost() > 0 ? "  skipped " + reader.lost() : ""));
        }
    }

    private static String text(long count, MemoryImage frame) {
        return "frame " + Long.toUnsignedString(count) + "  " + frame.shape() + " " + frame.type() + "  "
                + PixelSummary.of(frame);
    }
}
