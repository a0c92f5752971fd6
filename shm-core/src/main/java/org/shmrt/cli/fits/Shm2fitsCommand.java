package org.shmrt.cli.fits;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.shmrt.cacao.FrameCards;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.cli.frame.HistoryFrames;
import org.shmrt.cli.frame.HistoryOption;
import org.shmrt.cli.frame.WaitOptions;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.Verb;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.fits.FrameTimes;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.provider.FitsFormat;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm shm2fits}. */
@Command(
        name = "shm2fits",
        description = {
            "Saves one frame of a stream, or several as a cube, to FITS.",
            "The header contains the stream's keywords, counters and times. A table TIMES contains the times of the "
                    + "frames of a cube."
        })
public final class Shm2fitsCommand extends Verb {
    /** A cube up to this size is read before it is written, so that a slow disk causes no gaps. */
    private static final long MAX_IN_MEMORY_BYTES = 1L << 30;

    @Parameters(
            index = "0",
            paramLabel = "STREAM",
            converter = Converters.ToStreamPath.class,
            description = "Path or bare name.")
    private Path stream;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "FILE.fits, FILE.fits.gz or FILE.fits.fz; an existing file is replaced.")
    private Path file;

    @Mixin
    private WaitOptions waiting;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Save N frames as a cube. Default: one frame as an image.")
    private Integer count;

    @Mixin
    private HistoryOption history;

    @Option(
            names = "--compress",
            description = "Compress in tiles: with Rice's algorithm for integers, with gzip for other numbers.")
    private boolean compress;

    @Option(names = "--transpose", description = "Swap the last two axes of each frame, as pyMilk's save_as_fits does.")
    private boolean transpose;

    @Option(names = "--json", description = "Print the report as one line of JSON.")
    private boolean json;

    private final FrameTimes times = new FrameTimes();
    private Optional<String> timeRemark = Optional.empty();
    private long firstCount;
    private long lastCount;
    private long skipped;

    @Override
    public Integer call() {
        checkOptions();
        if (history.isGiven()) {
            try (ImageStream opened = ImageStream.open(stream, Access.READ_ONLY)) {
                saveHistory(opened, history.read(this, opened, waiting));
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
            throw wrongUsage("'" + file + "' is not the name of a FITS file: it must end in .fits, .fit or .fts, "
                    + "optionally followed by .gz or .fz");
        }
        if (count != null && count < 1) {
            throw wrongUsage("--count " + count + ": save at least 1 frame");
        }
        history.check(this);
        waiting.resolveDefaults(this, count == null ? 1 : count);
    }

    private FitsOptions options(List<FitsCard> cards) {
        FitsOptions options = FitsOptions.defaults().withCards(cards);
        if (transpose) {
            options = options.transposed();
        }
        return compress || FitsFormat.isCompressed(file) ? options.withCompression() : options;
    }

    private void saveOne(ImageStream opened, FrameReader reader) {
        MemorySegment frame = FrameMemory.allocate(opened.layout().frameBytes(), 1);
        read(opened, reader, frame);
        Optional<String> remark = FitsFile.write(
                file, new MemoryImage(opened.type(), opened.shape(), frame), options(cards(opened, reader)));
        report(opened, opened.shape(), 1, remark);
    }

    private static List<FitsCard> cards(ImageStream opened, FrameReader reader) {
        return FrameCards.of(opened, reader.count(), reader.cnt1(), reader.frameId(), reader.acquiredNs());
    }

    private void read(ImageStream opened, FrameReader reader, MemorySegment frame) {
        waiting.read(this, stream, reader, frame);
        if (times.size() == 0) {
            firstCount = reader.count();
            timeRemark = FrameCards.timeRemark(opened, reader.acquiredNs());
        }
        skipped += times.size() == 0 ? 0 : reader.lost();
        lastCount = reader.count();
        times.add(reader.count(), FrameCards.utcNs(opened, reader.acquiredNs()));
    }

    private void saveCube(ImageStream opened, FrameReader reader) {
        long frameBytes = opened.layout().frameBytes();
        boolean inMemory = frameBytes <= MAX_IN_MEMORY_BYTES / count;
        MemorySegment memory = FrameMemory.allocate(frameBytes, inMemory ? count : 1);
        read(opened, reader, memory.asSlice(0, frameBytes));
        // The header precedes the data in the file, so its counters are those of the first frame.
        FitsOptions options = options(cards(opened, reader)).withTimes(times);
        for (int i = 1; inMemory && i < count; i++) {
            read(opened, reader, memory.asSlice(i * frameBytes, frameBytes));
        }
        Optional<String> remark = FitsFile.writeCube(
                file,
                opened.type(),
                opened.shape(),
                count,
                index -> {
                    if (inMemory) {
                        return memory.asSlice(index * frameBytes, frameBytes);
                    }
                    if (index > 0) {
                        read(opened, reader, memory);
                    }
                    return memory;
                },
                options);
        report(opened, opened.shape(), count, remark);
    }

    private void saveHistory(ImageStream opened, HistoryFrames frames) {
        firstCount = frames.count(0);
        lastCount = frames.count(frames.length() - 1);
        for (int i = 0; i < frames.length(); i++) {
            times.add(frames.count(i), FrameCards.utcNs(opened, frames.acquiredNs(i)));
        }
        timeRemark = FrameCards.timeRemark(opened, frames.acquiredNs(0));
        List<FitsCard> cards = FrameCards.ofHistory(opened, firstCount, frames.acquiredNs(0));
        Optional<String> remark = FitsFile.writeCube(
                file,
                opened.type(),
                frames.frameShape(),
                frames.length(),
                index -> frames.bytes(Math.toIntExact(index)),
                options(cards).withTimes(times));
        report(opened, frames.frameShape(), frames.length(), remark);
    }

    private void report(ImageStream opened, Shape frame, int frames, Optional<String> fileRemark) {
        Optional<String> remark = Stream.of(fileRemark, timeRemark)
                .flatMap(Optional::stream)
                .reduce((first, second) -> first + "; " + second);
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
            line.put("remark", remark.orElse(null));
            printJson(line);
            return;
        }
        boolean isCube = count != null || history.isGiven();
        List<String> parts = new ArrayList<>();
        parts.add((isCube ? Quantity.of(frames, "frame") + " of " : "") + frame + " " + opened.type()
                + (frames == 1 ? ", count " + firstCount : ", counts " + firstCount + " to " + lastCount));
        if (skipped > 0) {
            parts.add(skipped + " skipped");
        }
        remark.ifPresent(parts::add);
        print(file + ": " + String.join("; ", parts));
    }
}
