package org.shmrt.cli.fits;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.shmrt.cacao.FrameCards;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.cli.frame.HistoryFrames;
import org.shmrt.cli.frame.HistoryOption;
import org.shmrt.cli.frame.Recording;
import org.shmrt.cli.frame.RegionOption;
import org.shmrt.cli.frame.WaitOptions;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Progress;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.Verb;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.fits.FrameTimes;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.provider.FitsFormat;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.text.FileNames;
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
            converter = Converters.ToExistingStream.class,
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

    @Mixin
    private RegionOption region;

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
            try (ImageStream opened = ImageStream.open(stream, waiting.access())) {
                saveHistory(opened, history.read(this, opened, waiting));
            }
            return ExitStatus.DONE;
        }
        try (ImageStream opened = ImageStream.open(stream, waiting.access());
                FrameReader reader = waiting.reader(this, opened)) {
            if (count != null) {
                return saveCube(opened, reader);
            }
            saveOne(opened, reader);
        }
        return ExitStatus.DONE;
    }

    private void checkOptions() {
        if (!new FitsFormat().writes(file)) {
            throw wrongUsage("'" + FileNames.text(file)
                    + "' is not the name of a FITS file: it must end in .fits, .fit or .fts, "
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
        MemorySegment frame = FrameMemory.allocate(region.byteSize(opened), 1);
        read(opened, reader, frame);
        Optional<String> remark = FitsFile.write(
                file, new MemoryImage(opened.type(), region.shape(opened), frame), options(cards(opened, reader)));
        report(opened, region.shape(opened), 1, "", remark);
    }

    private static List<FitsCard> cards(ImageStream opened, FrameReader reader) {
        return FrameCards.of(opened, reader.count(), reader.cnt1(), reader.frameId(), reader.acquiredNs());
    }

    private void read(ImageStream opened, FrameReader reader, MemorySegment frame) {
        region.read(opened, frame, whole -> waiting.read(this, stream, reader, whole));
        if (times.size() == 0) {
            firstCount = reader.count();
            timeRemark = FrameCards.timeRemark(opened, reader.acquiredNs());
        }
        skipped += times.size() == 0 ? 0 : reader.lost();
        lastCount = reader.count();
        times.add(reader.count(), FrameCards.utcNs(opened, reader.acquiredNs()));
    }

    private int saveCube(ImageStream opened, FrameReader reader) {
        long frameBytes = region.byteSize(opened);
        try (Recording recording = new Recording(file, count, progress())) {
            return isInMemory(frameBytes)
                    ? saveFromMemory(opened, reader, recording)
                    : saveWhileReading(opened, reader, recording);
        }
    }

    private Progress progress() {
        return new Progress(err(), "frames", OptionalLong.of(count));
    }

    /** A compressed file cannot be corrected if the recording ends early, so its frames are read first if possible. */
    private boolean isInMemory(long frameBytes) {
        boolean compressed = compress || FitsFormat.isCompressed(file) || FitsFormat.isGzip(file);
        return frameBytes <= (compressed ? Runtime.getRuntime().maxMemory() / 2 : MAX_IN_MEMORY_BYTES) / count;
    }

    private int saveFromMemory(ImageStream opened, FrameReader reader, Recording recording) {
        long frameBytes = region.byteSize(opened);
        MemorySegment memory = FrameMemory.allocate(frameBytes, count);
        List<FitsCard> cards = new ArrayList<>();
        boolean more = true;
        while (more) {
            more = recording.readNext(index -> {
                read(opened, reader, memory.asSlice(index * frameBytes, frameBytes));
                if (index == 0) {
                    cards.addAll(cards(opened, reader));
                }
            });
        }
        if (recording.isEmpty(this)) {
            return ExitStatus.FAILED;
        }
        Optional<String> remark = FitsFile.writeCube(
                file,
                opened.type(),
                region.shape(opened),
                recording.frames(),
                index -> memory.asSlice(index * frameBytes, frameBytes),
                options(cards).withTimes(times));
        report(opened, region.shape(opened), recording.frames(), recording.extent(), remark);
        return recording.status();
    }

    private int saveWhileReading(ImageStream opened, FrameReader reader, Recording recording) {
        MemorySegment frame = FrameMemory.allocate(region.byteSize(opened), 1);
        boolean any = recording.readNext(index -> read(opened, reader, frame));
        if (!any && recording.isEmpty(this)) {
            return ExitStatus.FAILED;
        }
        FitsFile.Frames frames = new FitsFile.Frames() {
            @Override
            public boolean endsBefore(long index) {
                return index > 0 && !recording.readNext(next -> read(opened, reader, frame));
            }

            @Override
            public MemorySegment frame(long index) {
                return frame;
            }
        };
        // The header precedes the data in the file, so its counters are those of the first frame.
        FitsOptions options = options(cards(opened, reader)).withTimes(times);
        Optional<String> remark = FitsFile.writeCube(file, opened.type(), region.shape(opened), count, frames, options);
        report(opened, region.shape(opened), recording.frames(), recording.extent(), remark);
        return recording.status();
    }

    private void saveHistory(ImageStream opened, HistoryFrames frames) {
        firstCount = frames.count(0);
        lastCount = frames.count(frames.length() - 1);
        for (int i = 0; i < frames.length(); i++) {
            times.add(frames.count(i), FrameCards.utcNs(opened, frames.acquiredNs(i)));
        }
        timeRemark = FrameCards.timeRemark(opened, frames.acquiredNs(0));
        Shape shape = region.shape(frames.frameShape());
        List<FitsCard> cards = FrameCards.ofHistory(opened, firstCount, frames.acquiredNs(0));
        Optional<String> remark = FitsFile.writeCube(
                file,
                opened.type(),
                shape,
                frames.length(),
                index -> region.of(frames.frame(Math.toIntExact(index))).data(),
                options(cards).withTimes(times));
        report(opened, shape, frames.length(), Quantity.of(frames.length(), "frame"), remark);
    }

    /** {@code extent} is the number of frames as text, empty for a single image. */
    private void report(ImageStream opened, Shape frame, int frames, String extent, Optional<String> fileRemark) {
        Optional<String> remark = Stream.of(fileRemark, timeRemark)
                .flatMap(Optional::stream)
                .reduce((first, second) -> first + "; " + second);
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("stream", FileNames.text(stream));
            line.put("file", FileNames.text(file));
            line.put("frames", frames);
            line.put("dtype", opened.type().toString());
            line.put("shape", frame.lengths());
            line.put("cnt0", Json.unsigned(firstCount));
            line.put("last_cnt0", Json.unsigned(lastCount));
            line.put("skipped", skipped);
            line.put("remark", remark.orElse(null));
            printJson(line);
            if (count != null && frames < count) {
                note(FileNames.text(file) + ": " + extent);
            }
            return;
        }
        List<String> parts = new ArrayList<>();
        String first = Long.toUnsignedString(firstCount);
        parts.add((extent.isEmpty() ? "" : extent + " of ") + frame + " " + opened.type()
                + (frames == 1 ? ", count " + first : ", counts " + first + " to " + Long.toUnsignedString(lastCount)));
        if (skipped > 0) {
            parts.add(skipped + " skipped");
        }
        remark.ifPresent(parts::add);
        print(FileNames.text(file) + ": " + String.join("; ", parts));
    }
}
