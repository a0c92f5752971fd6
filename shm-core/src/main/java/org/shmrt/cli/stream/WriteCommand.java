package org.shmrt.cli.stream;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.ExpansionOption;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Progress;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm write}. */
@Command(
        name = "write",
        description = "Writes the frames of a file or pipe into an existing stream, and wakes its readers.")
public final class WriteCommand extends Verb {
    /** Shorter waits are spun, because a sleep would end too late. */
    private static final long SPIN_NS = 100_000L;

    private static final double MAX_RATE_HZ = 1e9;

    @Parameters(paramLabel = "STREAM", converter = Converters.ToStreamPath.class, description = "Path or bare name.")
    private Path stream;

    @Option(
            names = {"-i", "--in"},
            paramLabel = "FILE",
            required = true,
            description =
                    "FILE.npy or FILE.fits (one frame, or several along a first axis), FILE.raw or FILE.y4m, or - for"
                            + " raw frames or a y4m video on standard input. FILE.fits[1] selects an extension,"
                            + " FILE.fits[0][3,:,:] a section.")
    private String in;

    @Mixin
    private ExpansionOption expansion;

    @Option(
            names = "--rate",
            paramLabel = "HZ",
            description = "Frames per second, on a fixed schedule. Default: as fast as possible.")
    private Double rateHz;

    @Option(names = "--count", paramLabel = "N", description = "Maximum number of frames to write. Default: all.")
    private Long count;

    @Option(names = "--loop", description = "Start again after the last frame, until --count or Ctrl-C.")
    private boolean loop;

    @Option(
            names = "--packets",
            paramLabel = "N",
            description = "Write each frame in N packets, as cameras do, and record them in the header of a DAO "
                    + "stream. The frame number is the count that the frame will have.")
    private Integer packets;

    @Mixin
    private WriterOptions writing;

    @Option(
            names = "--stride",
            paramLabel = "BYTES",
            description = "Bytes from one row to the next in raw frames whose rows have padding.")
    private Long stride;

    @Option(
            names = "--transpose",
            description = "Swap the last two axes of each frame, for files whose rows are the stream's columns.")
    private boolean transpose;

    @Option(names = "--json", description = "Print the report as one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        checkOptions();
        InputForm form = new InputForm(
                loop ? InputForm.AtEnd.REPEAT : InputForm.AtEnd.STOP,
                transpose ? InputForm.Axes.TRANSPOSED : InputForm.Axes.AS_IN_STREAM,
                expansion.bytes(),
                stride == null ? OptionalLong.empty() : OptionalLong.of(stride));
        try (ImageStream opened = ImageStream.open(stream);
                FrameSource source = FrameSource.open(in, TargetStream.of(opened), form, this::note);
                FrameWriter writer = writing.writer(opened)) {
            Written written = writeAll(source, writer);
            report(written, opened);
        }
        return ExitStatus.DONE;
    }

    private void checkOptions() {
        if (rateHz != null && !(rateHz > 0 && rateHz <= MAX_RATE_HZ)) {
            throw wrongUsage("--rate " + rateHz + ": the rate must be more than 0 and at most 1e9 per second");
        }
        if (packets != null && packets < 1) {
            throw wrongUsage("--packets " + packets + ": write at least 1 packet per frame");
        }
        if (stride != null && stride < 1) {
            throw wrongUsage("--stride " + stride + ": a row has at least 1 byte");
        }
        if (count != null && count < 1) {
            throw wrongUsage("--count " + count + ": write at least 1 frame");
        }
    }

    /**
     * What was written.
     *
     * @param frames number of frames
     * @param tookNs time from the first to the last frame
     */
    private record Written(long frames, long tookNs) {
        /** Frames per second; 0 for fewer than two frames. */
        double rateHz() {
            return frames > 1 ? (frames - 1) / (tookNs / 1e9) : 0;
        }
    }

    /** The time starts with the first frame: before it, a pipe may be empty for any time. */
    private Written writeAll(FrameSource source, FrameWriter writer) {
        Progress progress =
                new Progress(err(), "frames", count == null ? OptionalLong.empty() : OptionalLong.of(count));
        PacketSplitter splitter = packets == null ? null : new PacketSplitter(writer, packets);
        double periodNs = rateHz == null ? 0 : 1e9 / rateHz;
        long written = 0;
        long firstNs = 0;
        long lastNs = 0;
        try {
            while ((count == null || written < count) && next(source, written)) {
                if (written > 0 && rateHz != null) {
                    waitUntil(firstNs + (long) (written * periodNs));
                }
                if (splitter == null) {
                    writer.write(source.frame());
                } else {
                    splitter.write(source.frame());
                }
                lastNs = System.nanoTime();
                if (written == 0) {
                    firstNs = lastNs;
                }
                written++;
                progress.update(written);
            }
        } finally {
            progress.finish();
        }
        return new Written(written, lastNs - firstNs);
    }

    /** A program that is stopped leaves a partial frame in its pipe; the frames before it are valid. */
    private static boolean next(FrameSource source, long written) {
        try {
            return source.next();
        } catch (IncompatibleException e) {
            throw written == 0
                    ? e
                    : new IncompatibleException(
                            e.getMessage() + "; wrote " + Quantity.of(written, "complete frame") + " before it", e);
        }
    }

    private static void waitUntil(long dueNs) {
        while (true) {
            long leftNs = dueNs - System.nanoTime();
            if (leftNs <= 0) {
                return;
            }
            if (leftNs > SPIN_NS) {
                LockSupport.parkNanos(leftNs - SPIN_NS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private void report(Written written, ImageStream opened) {
        if (written.frames() == 0) {
            throw new ShmException(in + " contains no frame");
        }
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("frames", written.frames());
            line.put("cnt0", Json.unsigned(opened.status().cnt0()));
            line.put("seconds", written.tookNs() / 1e9);
            line.put("rate_hz", written.rateHz());
            printJson(line);
            return;
        }
        print(FileNames.text(stream) + ": " + Quantity.of(written.frames(), "frame") + " written"
                + (written.frames() > 1 ? String.format(Locale.ROOT, " at %.1f Hz", written.rateHz()) : "")
                + ", count is now " + Long.toUnsignedString(opened.status().cnt0()));
    }
}
