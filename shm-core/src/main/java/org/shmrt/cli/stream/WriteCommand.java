package org.shmrt.cli.stream;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Progress;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm write}. */
@Command(
        name = "write",
        description = "Writes the frames of a file or pipe into a stream that exists, waking its readers.")
public final class WriteCommand extends Verb {
    /** Below this a wait is spun: a sleep would come back too late. */
    private static final long SPIN_NS = 100_000L;

    @Parameters(paramLabel = "STREAM", converter = Converters.OfStream.class, description = "Path or bare name.")
    private Path stream;

    @Option(
            names = {"-i", "--in"},
            paramLabel = "FILE",
            required = true,
            description = "FILE.npy or FILE.fits (one frame, or several along a first axis), FILE.raw, or - for raw "
                    + "frames on standard input, as many as come. FILE.fits[1] is an extension, FILE.fits[0][3,:,:] a "
                    + "part.")
    private String in;

    @Option(
            names = "--rate",
            paramLabel = "HZ",
            description = "Frames a second, by schedule; as fast as they come " + "by default.")
    private Double rateHz;

    @Option(names = "--count", paramLabel = "N", description = "Frames to write; all there are by default.")
    private Long count;

    @Option(names = "--loop", description = "Begin again after the last frame, until --count or Ctrl-C.")
    private boolean loop;

    @Option(
            names = "--packets",
            paramLabel = "N",
            description = "Write each frame in N packets, as a camera sends "
                    + "them, noted in the header of a DAO stream; the frame number is the count the frame will have.")
    private Integer packets;

    @Option(names = "--share", description = "Write although another ShmRT writer is at it.")
    private boolean share;

    @Option(names = "--json", description = "Report as one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        checkOptions();
        try (ImageStream opened = ImageStream.open(stream);
                FrameSource source = FrameSource.open(in, opened, loop);
                FrameWriter writer = share ? opened.sharedWriter() : opened.writer()) {
            long startNs = System.nanoTime();
            long written = writeAll(source, writer, startNs);
            report(written, System.nanoTime() - startNs, opened);
        }
        return ExitStatus.DONE;
    }

    private void checkOptions() {
        if (rateHz != null && !(rateHz > 0 && rateHz <= 1e9)) {
            throw wrongUsage("--rate " + rateHz + ": more than 0, at most 1e9 a second");
        }
        if (packets != null && packets < 1) {
            throw wrongUsage("--packets " + packets + ": a frame has at least 1 packet");
        }
        if (count != null && count < 1) {
            throw wrongUsage("--count " + count + ": write at least 1 frame");
        }
    }

    private long writeAll(FrameSource source, FrameWriter writer, long startNs) {
        Progress progress = new Progress(err(), "frames", count == null ? 0 : count);
        PacketSplitter splitter = packets == null ? null : new PacketSplitter(writer, packets);
        double periodNs = rateHz == null ? 0 : 1e9 / rateHz;
        long written = 0;
        try {
            while ((count == null || written < count) && next(source, written)) {
                if (rateHz != null) {
                    waitUntil(startNs + (long) (written * periodNs));
                }
                if (splitter == null) {
                    writer.write(source.frame());
                } else {
                    splitter.write(source.frame());
                }
                written++;
                progress.at(written);
            }
        } finally {
            progress.done();
        }
        return written;
    }

    /** A program that is stopped leaves part of a frame in its pipe, which is not the fault of those before. */
    private static boolean next(FrameSource source, long written) {
        try {
            return source.next();
        } catch (IncompatibleException e) {
            throw written == 0
                    ? e
                    : new IncompatibleException(
                            e.getMessage() + "; the " + written
                                    + (written == 1
                                            ? " whole frame before it was written"
                                            : " whole frames before it were written"),
                            e);
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

    private void report(long written, long tookNs, ImageStream opened) {
        if (written == 0) {
            throw new ShmException(in + " holds no frame");
        }
        double achievedHz = written > 1 ? (written - 1) / (tookNs / 1e9) : 0;
        PrintWriter out = out();
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("frames", written);
            line.put("cnt0", opened.status().cnt0());
            line.put("seconds", tookNs / 1e9);
            line.put("rate_hz", achievedHz);
            Json.print(out, line);
            return;
        }
        out.println(String.format(
                Locale.ROOT,
                "%s: %d frame%s written%s, count is now %d",
                stream,
                written,
                written == 1 ? "" : "s",
                written > 1 ? String.format(Locale.ROOT, " at %.1f Hz", achievedHz) : "",
                opened.status().cnt0()));
        out.flush();
    }
}
