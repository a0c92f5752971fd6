package org.shmrt.bench.large;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.bench.fits.FitsSample;
import org.shmrt.bench.report.Row;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.MappedFile;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/** The parts of the benchmark of large frames. In each, two ways of the same work alternate. */
final class LargeParts {
    private static final String RESERVE = "reserve";
    private static final List<String> FLAGS = List.of("-std=gnu11", "-O2");
    private static final long MIB = 1L << 20;
    private static final long TIMEOUT_NS = 10_000_000_000L;
    /** Two copies reach at most this much more than a frame written and read. */
    private static final double COPY_TARGET = 1 / 0.95;

    private static final double RESERVE_TARGET = 1.05;
    private static final double FITS_TARGET = 0.5;
    private static final double HISTORY_TARGET = 1.05;
    private static final int HISTORY_FRAMES = 16;
    /** Of what is free, the rest is left to others. */
    private static final double USABLE = 0.8;

    private final double seconds;
    private final int pairs;

    LargeParts(double seconds, int pairs) {
        this.seconds = seconds;
        this.pairs = pairs;
    }

    /** Medians of what two ways of the same work take, by turns, in ns. */
    private record Medians(long oursNs, long othersNs) {}

    private Medians alternate(Runnable ours, Runnable others) {
        List<Long> oursNs = new ArrayList<>();
        List<Long> othersNs = new ArrayList<>();
        long endNs = System.nanoTime() + (long) (seconds * 1e9);
        do {
            oursNs.add(timeNs(ours));
            othersNs.add(timeNs(others));
        } while (System.nanoTime() < endNs);
        // the first half may not have been compiled yet
        return new Medians(laterMedian(oursNs), laterMedian(othersNs));
    }

    private static long timeNs(Runnable work) {
        long startNs = System.nanoTime();
        work.run();
        return System.nanoTime() - startNs;
    }

    private static long laterMedian(List<Long> times) {
        long[] later = times.stream()
                .skip(times.size() / 2)
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        return later[later.length / 2];
    }

    private Row times(String key, String title, Runnable ours, Runnable others, OptionalDouble target) {
        List<Long> oursNs = new ArrayList<>();
        List<Long> othersNs = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            Medians medians = alternate(ours, others);
            oursNs.add(medians.oursNs);
            othersNs.add(medians.othersNs);
        }
        return Row.ratio(key, title, oursNs, othersNs, target);
    }

    /**
     * A frame written to a stream and read from it, verified, against two plain copies through the same memory. Another
     * file would have other pages, and where those lie in the machine's memory makes a difference of up to a quarter.
     */
    List<Row> frames(long bytes) {
        try (TemporaryStream stream = TemporaryStream.create("frames", bytes);
                FrameWriter writer = stream.stream().writer();
                FrameReader reader = stream.stream().reader(WaitStrategy.spin());
                Arena arena = Arena.ofShared()) {
            MemorySegment from = arena.allocate(bytes, 64).fill((byte) 7);
            MemorySegment to = arena.allocate(bytes, 64).fill((byte) 1);
            MemorySegment file = MappedFile.readWrite(stream.path(), arena).segment();
            MemorySegment shared = file.asSlice(stream.stream().layout().frameOffset(0), bytes);
            return List.of(times(
                    "frame",
                    bytes / MIB + " MiB written and read, against two copies",
                    () -> {
                        writer.write(from);
                        Verdict verdict = reader.read(to, TIMEOUT_NS);
                        if (verdict != Verdict.FRESH) {
                            throw new IllegalStateException("the frame just written cannot be read: " + verdict);
                        }
                    },
                    () -> {
                        MemorySegment.copy(from, 0, shared, 0, bytes);
                        MemorySegment.copy(shared, 0, to, 0, bytes);
                    },
                    OptionalDouble.of(COPY_TARGET)));
        }
    }

    /** A large stream created with all its pages present, against the same calls in C. */
    List<Row> reserve(long wantedBytes, Optional<Path> compiler) throws IOException {
        String key = "reserve";
        Path directory = TemporaryStream.memoryDirectory();
        long bytes = Math.min(wantedBytes, (long) (USABLE * freeBytes(directory)) / MIB * MIB);
        String title = bytes / MIB + " MiB reserved, mapped, present, against C";
        OptionalDouble target = OptionalDouble.of(RESERVE_TARGET);
        if (compiler.isEmpty()) {
            return List.of(Row.leftOut(key, title, target, "there is no C compiler"));
        }
        List<Long> ours = new ArrayList<>();
        List<Long> c = new ArrayList<>();
        try (CPrograms programs = CPrograms.compile(compiler.get(), List.of(RESERVE), FLAGS)) {
            long ignored = reserveInC(programs, directory, bytes); // the machine may never have used this memory
            for (int pair = 0; pair < pairs; pair++) {
                long startNs = System.nanoTime();
                try (TemporaryStream stream =
                        TemporaryStream.create(key, StreamSpec.milk(DataType.UINT8, Shape.of(bytes / MIB, MIB)))) {
                    stream.stream().prefault();
                    ours.add(System.nanoTime() - startNs);
                }
                c.add(reserveInC(programs, directory, bytes));
            }
        }
        return List.of(Row.ratio(key, title, ours, c, target));
    }

    private static long reserveInC(CPrograms programs, Path directory, long bytes) {
        Path file = directory.resolve("shmrt_bench_" + ProcessHandle.current().pid() + "_reserve");
        try (ChildProcess child =
                ChildProcess.start(List.of(programs.path(RESERVE), file.toString(), Long.toString(bytes)))) {
            return Long.parseLong(child.finish().getFirst());
        }
    }

    /** The space of the directory, and the memory that a file in memory would take. */
    private static long freeBytes(Path directory) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            LongStream available = lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]) << 10);
            return Math.min(
                    available.findFirst().orElse(Long.MAX_VALUE),
                    Files.getFileStore(directory).getUsableSpace());
        }
    }

    /** An image of 1 MiB loaded from a FITS file in the page cache, against a copy of the same bytes. */
    List<Row> fits() {
        List<Row> rows = new ArrayList<>();
        for (DataType type : List.of(DataType.UINT8, DataType.UINT16, DataType.FLOAT32)) {
            try (FitsSample sample = new FitsSample(Path.of(System.getProperty("java.io.tmpdir")), type, 1)) {
                List<Long> ours = new ArrayList<>();
                List<Long> copies = new ArrayList<>();
                for (int pair = 0; pair < pairs; pair++) {
                    Medians medians = alternate(sample::load, sample::copy);
                    ours.add(perSecond(sample.bytes(), medians.oursNs));
                    copies.add(perSecond(sample.bytes(), medians.othersNs));
                }
                rows.add(Row.ratio(
                        "fits_" + type.toString(),
                        "FITS image of 1 MiB of " + type + " loaded, against memcpy",
                        ours,
                        copies,
                        Row.Unit.BYTES_PER_SECOND,
                        OptionalDouble.of(FITS_TARGET),
                        Row.Bound.AT_LEAST));
            }
        }
        return rows;
    }

    private static long perSecond(long bytes, long ns) {
        return (long) (bytes * 1e9 / Math.max(1, ns));
    }

    /** The past frames of a ring summed up in place and as a copy, against a loop over the same mapped memory. */
    List<Row> history(long frameBytes) {
        try (TemporaryStream stream = TemporaryStream.create(
                        "history",
                        StreamSpec.dao(DataType.INT64, Shape.of(frameBytes / Long.BYTES))
                                .withDepth(HISTORY_FRAMES));
                FrameWriter writer = stream.stream().writer();
                Arena arena = Arena.ofShared()) {
            MemorySegment frame = arena.allocate(frameBytes, 64);
            for (int i = 1; i <= HISTORY_FRAMES; i++) {
                frame.fill((byte) i);
                writer.write(frame);
            }
            FrameHistory past = stream.stream().history();
            MemorySegment cube = arena.allocate(HISTORY_FRAMES * frameBytes, 64);
            MemorySegment file = MappedFile.readOnly(stream.path(), arena).segment();
            MemorySegment[] slots = new MemorySegment[HISTORY_FRAMES];
            Arrays.setAll(slots, slot -> file.asSlice(stream.stream().layout().frameOffset(slot), frameBytes));
            long[] sums = new long[3];
            Runnable plain = () -> {
                sums[0] = 0;
                for (MemorySegment slot : slots) {
                    sums[0] += sum(slot);
                }
            };
            Row inPlace = times(
                    "history",
                    "past frames summed in place, against mapped memory",
                    () -> sums[1] = sumInPlace(past),
                    plain,
                    OptionalDouble.of(HISTORY_TARGET));
            Row copied = times(
                    "history_copied",
                    "past frames copied and summed, against the same",
                    () -> {
                        require(past.read(cube, TIMEOUT_NS));
                        sums[2] = sum(cube);
                    },
                    plain,
                    OptionalDouble.empty());
            if (sums[0] != sums[1] || sums[0] != sums[2]) {
                throw new IllegalStateException("the sums differ: " + Arrays.toString(sums));
            }
            return List.of(inPlace, copied);
        }
    }

    private static long sumInPlace(FrameHistory past) {
        require(past.find(HISTORY_FRAMES, TIMEOUT_NS));
        long sum = 0;
        for (int i = 0; i < past.length(); i++) {
            sum += sum(past.frame(i));
            if (!past.isWhole(i)) {
                throw new IllegalStateException("a frame changed, but there is no writer");
            }
        }
        return sum;
    }

    private static void require(Verdict verdict) {
        if (verdict != Verdict.FRESH) {
            throw new IllegalStateException("there is no history: " + verdict);
        }
    }

    private static long sum(MemorySegment memory) {
        long sum = 0;
        for (long at = 0; at < memory.byteSize(); at += Long.BYTES) {
            sum += memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
        }
        return sum;
    }

    /** Where the streams are. */
    static String directory() {
        try {
            return Files.getFileStore(TemporaryStream.memoryDirectory()).type() + " at "
                    + TemporaryStream.memoryDirectory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
