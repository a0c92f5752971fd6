package org.shmrt.bench.record;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.bench.report.Row;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Clocks;
import org.shmrt.process.ChildProcess;
import org.shmrt.record.RecordedStream;
import org.shmrt.record.Recorder;
import org.shmrt.record.Recording;
import org.shmrt.record.Replayer;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/** The parts of the benchmark of recordings. Frames are 480 x 640 u16, except in the replay. */
final class RecordingParts {
    private static final Shape FRAME = Shape.of(480, 640);
    private static final long FRAME_BYTES = FRAME.byteSize(DataType.UINT16);
    private static final int DEPTH = 16;
    private static final int RATE = 500;
    private static final long PERIOD_NS = 1_000_000;
    private static final double BYTES_PER_S = 100e6;
    private static final double PER_MILLE = 1000;
    private static final int MIN_FRAMES = 250;
    private static final int MAX_EXTRACTED = 1000;
    private static final int LONG_FILES = 100;
    private static final int LONG_FILE_FRAMES = 1700;

    private final Path directory;
    private final double seconds;
    private final int pairs;

    RecordingParts(Path directory, double seconds, int pairs) {
        this.directory = directory;
        this.seconds = seconds;
        this.pairs = pairs;
    }

    private static TemporaryStream create(String label, Shape frame, int depth) {
        return TemporaryStream.create(
                label, StreamSpec.dao(DataType.UINT16, frame).withDepth(depth));
    }

    private static MemorySegment frame(Arena arena, Shape shape) {
        MemorySegment frame = arena.allocate(shape.byteSize(DataType.UINT16), 64);
        for (long i = 0; i < frame.byteSize(); i++) {
            frame.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31));
        }
        return frame;
    }

    private int frames() {
        return (int) Math.max(MIN_FRAMES, Math.ceil(RATE * seconds));
    }

    private int extracted() {
        return Math.min(MAX_EXTRACTED, frames());
    }

    /** Bytes a second to the disk, everything forced at the end, against dd; then an extract against reading with dd. */
    List<Row> disk() throws IOException {
        List<Long> ours = new ArrayList<>();
        List<Long> dd = new ArrayList<>();
        List<Long> extract = new ArrayList<>();
        List<Long> read = new ArrayList<>();
        long bytes = FRAME_BYTES * frames();
        for (int pair = 0; pair < pairs; pair++) {
            Path out = directory.resolve("recording");
            ours.add((long) (bytes * 1e9 / record(out)));
            Path plain = directory.resolve("dd");
            long startNs = System.nanoTime();
            run("dd", "if=/dev/zero", "of=" + plain, "bs=" + FRAME_BYTES, "count=" + frames(), "conv=fsync");
            dd.add((long) (bytes * 1e9 / (System.nanoTime() - startNs)));

            read.add(read(plain, 0));
            extract.add(extract(out, (frames() - extracted()) / 2));
            remove(out);
            Files.delete(plain);
        }
        return List.of(
                Row.ratio(
                        "disk",
                        "recorded bytes a second, against dd with fsync",
                        ours,
                        dd,
                        Row.Unit.BYTES_PER_SECOND,
                        OptionalDouble.of(0.9),
                        Row.Bound.AT_LEAST),
                Row.ratio(
                        "extract",
                        "extract of " + extracted() + " frames, against dd",
                        extract,
                        read,
                        OptionalDouble.of(1.2)));
    }

    /** Nanoseconds in which dd reads frames. */
    private long read(Path file, int first) {
        long startNs = System.nanoTime();
        run("dd", "if=" + file, "of=/dev/null", "bs=" + FRAME_BYTES, "skip=" + first, "count=" + extracted());
        return System.nanoTime() - startNs;
    }

    /** Nanoseconds in which frames are extracted, from the opening of the recording on. */
    private long extract(Path recorded, long from) {
        long startNs = System.nanoTime();
        try (Recording recording = Recording.open(recorded)) {
            RecordedStream cam = recording.streams().getFirst();
            cam.extract(from, from + extracted(), Path.of("/dev/null"));
        }
        return System.nanoTime() - startNs;
    }

    /** An extract from the middle of 100 GB, in files with holes, against dd, and against one from a single file. */
    List<Row> longRecording() throws IOException {
        LongRecording writer = new LongRecording(FRAME, LONG_FILE_FRAMES);
        Path all = directory.resolve("long");
        Path one = directory.resolve("short");
        List<Long> extract = new ArrayList<>();
        List<Long> read = new ArrayList<>();
        List<Long> ofOne = new ArrayList<>();
        int first = (LONG_FILE_FRAMES - extracted()) / 2;
        int file = LONG_FILES / 2;
        writer.write(all, LONG_FILES);
        writer.write(one, 1);
        Path middle = writer.file(all, file);
        extract(one, first); // so that all that is read is in memory
        extract(all, (long) file * LONG_FILE_FRAMES + first);
        for (int pair = 0; pair < pairs; pair++) {
            read.add(read(middle, first));
            extract.add(extract(all, (long) file * LONG_FILE_FRAMES + first));
            ofOne.add(extract(one, first));
        }
        remove(all);
        remove(one);
        return List.of(
                Row.ratio(
                        "long",
                        "extract of " + extracted() + " frames from 100 GB, against dd",
                        extract,
                        read,
                        OptionalDouble.of(1.2)),
                Row.ratio(
                        "long_growth",
                        "extract from 100 GB, against one from 1 GB",
                        extract,
                        ofOne,
                        OptionalDouble.of(1.2)));
    }

    /** Records as fast as the recorder takes the frames; nanoseconds until all files are complete. */
    private long record(Path out) {
        try (TemporaryStream stream = create("disk", FRAME, DEPTH);
                FrameWriter writer = stream.stream().writer();
                Arena arena = Arena.ofConfined()) {
            MemorySegment frame = frame(arena, FRAME);
            long startNs = System.nanoTime();
            Recorder recorder = Recorder.into(out).stream(stream.path()).start();
            for (int i = 1; i <= frames(); i++) {
                writer.write(frame);
                while (i - recorder.status().streams().getFirst().lastCount() > DEPTH / 2) {
                    LockSupport.parkNanos(20_000);
                }
            }
            recorder.close();
            if (recorder.status().recorded() != frames()) {
                throw new IllegalStateException("frames were lost: " + recorder.status());
            }
            return System.nanoTime() - startNs;
        }
    }

    /** Processor time at 100 MB/s, and what the recorder costs the writer. */
    List<Row> load() throws IOException {
        List<Long> perMille = new ArrayList<>();
        List<Long> recorded = new ArrayList<>();
        List<Long> alone = new ArrayList<>();
        long periodNs = (long) (FRAME_BYTES / BYTES_PER_S * 1e9);
        for (int pair = 0; pair < pairs; pair++) {
            Path out = directory.resolve("recording");
            try (TemporaryStream stream = create("load", FRAME, DEPTH);
                    FrameWriter writer = stream.stream().writer()) {
                Recorder recorder = Recorder.into(out).stream(stream.path()).start();
                long startNs = System.nanoTime();
                recorded.add(writeTimed(writer, periodNs));
                perMille.add((long) (cpuNs() * PER_MILLE / (System.nanoTime() - startNs)));
                recorder.close();
                alone.add(writeTimed(writer, periodNs));
            }
            remove(out);
        }
        return List.of(
                Row.count(
                        "cpu",
                        "processor time at 100 MB/s, thousandths",
                        perMille,
                        OptionalDouble.of(100),
                        "of one processor, by the threads of the recorder"),
                Row.ratio(
                        "writer",
                        "p99.9 of a write while recorded, against not",
                        recorded,
                        alone,
                        OptionalDouble.of(1.05)));
    }

    private static long cpuNs() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().startsWith("record-")) {
                sum += Math.max(0, threads.getThreadCpuTime(id));
            }
        }
        return sum;
    }

    /** Writes at a rate; the 99.9th percentile of the durations of a write. */
    private long writeTimed(FrameWriter writer, long periodNs) {
        int count = (int) Math.max(100, seconds * 1e9 / periodNs);
        long[] durations = new long[count];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = frame(arena, FRAME);
            long dueNs = Clocks.monotonicNs();
            for (int i = 0; i < count; i++) {
                dueNs += periodNs;
                Clocks.sleepUntil(dueNs);
                long startNs = System.nanoTime();
                writer.write(frame);
                durations[i] = System.nanoTime() - startNs;
            }
        }
        Arrays.sort(durations);
        return durations[(int) (count * 0.999)];
    }

    /** What a recorder in another process costs a control loop whose frames and commands it records. */
    List<Row> loop() throws IOException, InterruptedException {
        List<Long> recorded = new ArrayList<>();
        List<Long> alone = new ArrayList<>();
        Path out = directory.resolve("recording");
        String remark;
        try (RecordedLoop loop = new RecordedLoop()) {
            remark = loop.remark();
            for (int pair = 0; pair < pairs; pair++) {
                alone.add(loop.alone(seconds));
                recorded.add(loop.recorded(out, seconds));
                remove(out);
            }
        }
        return List.of(Row.ratio(
                        "loop",
                        "p99.9 of a control loop while recorded, against not",
                        recorded,
                        alone,
                        OptionalDouble.of(1.05))
                .remarked(remark));
    }

    /** How far the intervals of a replay at 1 kHz are from a millisecond, against a timed writer. */
    List<Row> replay() throws IOException, InterruptedException {
        Shape small = Shape.of(64, 64);
        int frames = (int) Math.clamp(1000 * seconds, 100, 10_000);
        List<Long> replayed = new ArrayList<>();
        List<Long> timed = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            Path out = directory.resolve("recording");
            try (TemporaryStream source = create("source", small, frames + 2);
                    TemporaryStream target = create("target", small, frames + 2)) {
                try (FrameWriter writer = source.stream().writer();
                        Arena arena = Arena.ofConfined()) {
                    MemorySegment frame = frame(arena, small);
                    Recorder recorder = Recorder.into(out).stream(source.path()).start();
                    long dueNs = Clocks.monotonicNs();
                    for (int i = 0; i < frames; i++) {
                        dueNs += PERIOD_NS;
                        Clocks.sleepUntil(dueNs);
                        writer.write(frame);
                    }
                    recorder.close();
                }
                timed.add(deviation(source.stream(), frames, source.stream()));
                try (Recording recording = Recording.open(out);
                        Replayer replayer = Replayer.of(recording).stream(
                                        recording.streams().getFirst().name(), target.path())
                                .open()) {
                    replayer.run();
                }
                replayed.add(deviation(target.stream(), frames, source.stream()));
            }
            remove(out);
        }
        return List.of(Row.ratio(
                "replay", "p99 of the error of intervals, against a timer", replayed, timed, OptionalDouble.of(2)));
    }

    /** The 99th percentile of the differences of the intervals: from those of the source, or of that from the period. */
    private static long deviation(ImageStream stream, int frames, ImageStream source) {
        long[] times = times(stream, frames);
        long[] expected = stream == source ? null : times(source, frames);
        long[] errors = new long[frames - 1];
        for (int i = 1; i < frames; i++) {
            long wanted = expected == null ? PERIOD_NS : expected[i] - expected[i - 1];
            errors[i - 1] = Math.abs(times[i] - times[i - 1] - wanted);
        }
        Arrays.sort(errors);
        return errors[(int) (errors.length * 0.99)];
    }

    private static long[] times(ImageStream stream, int frames) {
        FrameHistory history = stream.history();
        try (Arena arena = Arena.ofConfined()) {
            history.read(arena.allocate(history.frameBytes() * frames, 64), 1_000_000_000);
            if (history.length() != frames) {
                throw new IllegalStateException(stream.path() + " has " + history.length() + " frames");
            }
            long[] times = new long[frames];
            for (int i = 0; i < frames; i++) {
                times[i] = history.acquiredNs(i);
            }
            return times;
        }
    }

    private static void run(String... command) {
        try (ChildProcess child = ChildProcess.start(List.of(command))) {
            List<String> ignored = child.finish();
        }
    }

    static void remove(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
