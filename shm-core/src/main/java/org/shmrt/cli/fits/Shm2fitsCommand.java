package org.shmrt.cli.fits;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cacao.FrameCards;
import org.shmrt.cli.stream.HistoryReport;
import org.shmrt.cli.stream.ReadCommand;
import org.shmrt.cli.stream.WaitOptions;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsFormat;
import org.shmrt.fits.FitsOptions;
import org.shmrt.fits.FrameTimes;
import org.shmrt.fits.card.FitsCard;
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

/** {@code shm shm2fits}. */
@Command(
        name = "shm2fits",
        description = "Saves a frame of a stream, or several as a cube, to FITS: with the stream's keywords, counters "
                + "and times in the header, and the times of a cube's frames in a table TIMES.")
public final class Shm2fitsCommand extends Verb {
    /** Up to so much is read before any of it is written, so that a slow disk makes no gaps. */
    private static final long MOST_IN_MEMORY_BYTES = 1L << 30;

    @Parameters(
            index = "0",
            paramLabel = "STREAM",
            converter = Converters.OfStream.class,
            description = "Path or bare name.")
    private Path stream;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "FILE.fits, FILE.fits.gz or FILE.fits.fz; replaced if " + "it is there.")
    private Path file;

    @Mixin
    private WaitOptions waiting;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Save N frames as a cube; without, one frame as an image.")
    private Integer count;

    @Option(
            names = "--history",
            paramLabel = "N",
            description = "Save the newest N frames the stream still holds as a cube, oldest first. Waits for none.")
    private Integer history;

    @Option(names = "--compress", description = "In tiles: Rice's algorithm for integers, gzip for other numbers.")
    private boolean compress;

    @Option(names = "--json", description = "Report as one line of JSON.")
    private boolean json;

    private final FrameTimes times = new FrameTimes();
    private long firstCount;
    private long lastCount;
    private long skipped;

    @Override
    public Integer call() {
        checkOptions();
        if (history != null) {
            try (ImageStream opened = ImageStream.open(stream, Access.READ_ONLY)) {
                saveHistory(opened);
            }
            return ExitStatus.DONE;
        }
        try (ImageStream opened = ImageStream.open(stream, waiting.access());
                FrameReader reader = waiting.reader(opened)) {
            if (count == null) {
                saveOne(opened, reader);
            } else {
                saveCube(opened, reader);
            }
        }
        return ExitStatus.DONE;
    }

    private void checkOptions() {
        if (!new FitsFormat().writes(file)) {
            throw wrongUsage("'" + file + "' is no name of a FITS file: end it in .fits, .fit or .fts, with .gz or .fz "
                    + "behind it if you like");
        }
        if (count != null && count < 1) {
            throw wrongUsage("--count " + count + ": save at least 1 frame");
        }
        if (history != null && (history < 1 || count != null || waiting.isAskedFor())) {
            throw wrongUsage("--history takes how many frames, at least 1, and neither waits nor counts: leave out "
                    + "--wait, --sem, --next and --count");
        }
        waiting.settle(this, count == null ? 1 : count);
    }

    private FitsOptions options(List<FitsCard> cards) {
        FitsOptions options = FitsOptions.defaults().withCards(cards);
        return compress || file.toString().toLowerCase(Locale.ROOT).endsWith(".fz")
                ? options.withCompression()
                : options;
    }

    private void saveOne(ImageStream opened, FrameReader reader) {
        MemorySegment frame = ReadCommand.allocate(opened.layout().frameBytes());
        take(opened, reader, frame);
        String remark = FitsFile.write(
                file, new MemoryImage(opened.type(), opened.shape(), frame), options(cards(opened, reader)));
        report(opened, opened.shape(), 1, remark);
    }

    private static List<FitsCard> cards(ImageStream opened, FrameReader reader) {
        return FrameCards.of(opened, reader.count(), reader.cnt1(), reader.frameId(), reader.acquiredNs());
    }

    private void take(ImageStream opened, FrameReader reader, MemorySegment frame) {
        waiting.read(this, stream, reader, frame);
        firstCount = times.size() == 0 ? reader.count() : firstCount;
        skipped += times.size() == 0 ? 0 : reader.lost();
        lastCount = reader.count();
        times.add(reader.count(), FrameCards.utcNs(opened, reader.acquiredNs()));
    }

    private void saveCube(ImageStream opened, FrameReader reader) {
        long frameBytes = opened.layout().frameBytes();
        boolean inMemory = frameBytes <= MOST_IN_MEMORY_BYTES / count;
        MemorySegment memory = ReadCommand.allocate(inMemory ? frameBytes * count : frameBytes);
        take(opened, reader, memory.asSlice(0, frameBytes));
        // The header comes first in the file, so its counters are those of the first frame.
        FitsOptions options = options(cards(opened, reader)).withTimes(times);
        for (int i = 1; inMemory && i < count; i++) {
            take(opened, reader, memory.asSlice(i * frameBytes, frameBytes));
        }
        String remark = FitsFile.writeCube(
                file,
                opened.type(),
                opened.shape(),
                count,
                index -> {
                    if (inMemory) {
                        return memory.asSlice(index * frameBytes, frameBytes);
                    }
                    if (index > 0) {
                        take(opened, reader, memory);
                    }
                    return memory;
                },
                options);
        report(opened, opened.shape(), count, remark);
    }

    private void saveHistory(ImageStream opened) {
        FrameHistory past = opened.history();
        int most = Math.min(history, past.capacity());
        MemorySegment frames = ReadCommand.allocate(multiply(past.frameBytes(), most));
        Verdict verdict = past.read(frames, waiting.timeoutNs());
        if (!verdict.hasFrame()) {
            throw waiting.noFrame(stream, verdict);
        }
        if (past.length() == 0) {
            throw new ShmException(stream + " has no frame yet");
        }
        firstCount = past.count(0);
        lastCount = past.count(past.length() - 1);
        for (int i = 0; i < past.length(); i++) {
            times.add(past.count(i), FrameCards.utcNs(opened, past.acquiredNs(i)));
        }
        List<FitsCard> cards = FrameCards.ofHistory(opened, firstCount, past.acquiredNs(0));
        Shape frame = new HistoryReport(opened, past, frames).frameShape();
        String remark = FitsFile.writeCube(
                file,
                opened.type(),
                frame,
                past.length(),
                index -> frames.asSlice(index * past.frameBytes(), past.frameBytes()),
                options(cards).withTimes(times));
        if (past.length() < history) {
            note(stream + " holds " + past.length() + " frame" + (past.length() == 1 ? "" : "s") + ", not " + history);
        }
        report(opened, frame, past.length(), remark);
    }

    private long multiply(long frameBytes, int frames) {
        try {
            return Math.multiplyExact(frameBytes, (long) frames);
        } catch (ArithmeticException e) {
            throw new IncompatibleException(
                    frames + " frames of " + stream + " have more bytes than 63 bits can count", e);
        }
    }

    private void report(ImageStream opened, Shape frame, int frames, String remark) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("stream", stream.toString());
            line.put("file", file.toString());
            line.put("frames", frames);
            line.put("dtype", opened.type().toString());
            line.put("shape", frame.lengths());
            line.put("cnt0", firstCount);
            line.put("last_cnt0", lastCount);
            line.put("skipped", skipped);
            line.put("remark", remark);
            Json.print(out(), line);
            return;
        }
        List<String> parts = new ArrayList<>();
        boolean cube = count != null || history != null;
        parts.add((cube ? frames + (frames == 1 ? " frame of " : " frames of ") : "") + frame + " " + opened.type()
                + (frames == 1 ? ", count " + firstCount : ", counts " + firstCount + " to " + lastCount));
        if (skipped > 0) {
            parts.add(skipped + " skipped");
        }
        if (remark != null) {
            parts.add(remark);
        }
        out().println(file + ": " + String.join("; ", parts));
        out().flush();
    }
}
