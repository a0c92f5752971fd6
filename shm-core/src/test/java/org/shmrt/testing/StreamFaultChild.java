package org.shmrt.testing;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.FrameCounter;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamSet;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/**
 * Uses streams while their file is truncated, repeatedly, and prints {@code ok} if every access fault became a verdict
 * or an exception. Runs in its own process, since an unhandled access fault would kill it.
 */
public final class StreamFaultChild {
    private static final long MS = 1_000_000L;
    private static final Set<Verdict> LOST = EnumSet.of(Verdict.RECREATED, Verdict.REMOVED);

    private final Path path;
    private final StreamSpec spec;
    private final Random random = new Random(20261121L);
    private final RampFrames ramps = new RampFrames(256 * 512);
    private final MemorySegment buffer = ramps.empty();

    private StreamFaultChild(Path path, String format) {
        this.path = path;
        this.spec = StreamSpec.of(format, DataType.UINT16, Shape.of(256, 512))
                .withKeywords(2)
                .replacingExisting();
    }

    public static void main(String[] words) throws Exception {
        StreamFaultChild child = new StreamFaultChild(Path.of(words[1]), words[3]);
        int rounds = Integer.parseInt(words[2]);
        for (int round = 0; round < rounds; round++) {
            switch (words[0]) {
                case "read" -> child.read();
                case "newest" -> child.newest();
                case "wait" -> child.await(round);
                case "set" -> child.awaitSet(round);
                case "count" -> child.count(round);
                case "write" -> child.write();
                case "inspect" -> child.inspect();
                case "keywords" -> child.keywords();
                case "semaphores" -> child.semaphores();
                default -> throw new IllegalArgumentException(words[0]);
            }
        }
        System.out.println("ok");
    }

    private ImageStream create() {
        ImageStream stream = ImageStream.create(path, spec);
        try (FrameWriter writer = stream.writer()) {
            writer.write(ramps.of(1));
        }
        return stream;
    }

    /** Soon truncates the file to nothing, inside the header, at the start of the data or inside the data. */
    private Thread truncateSoon() {
        long[] lengths = {0, 0, 100, 4304, 4304 + 4096, 4304 + 256 * 512};
        return FileTruncation.truncateAfter(random.nextInt(2_000_000), path, lengths[random.nextInt(lengths.length)]);
    }

    private static void expect(boolean fact, Object found) {
        if (!fact) {
            throw new AssertionError("found " + found);
        }
    }

    /** Copies frames of a writer that continues until it notices. */
    private void read() throws Exception {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            Thread writing = Thread.ofPlatform().daemon().start(() -> writeUntilRefused(stream));
            Thread truncating = truncateSoon();
            Verdict verdict = reader.read(buffer, 250 * MS);
            while (verdict.hasFrame() || verdict == Verdict.TIMED_OUT) {
                expect(!verdict.hasFrame() || ramps.isWhole(buffer, reader.count()), "a torn copy");
                verdict = reader.read(buffer, 250 * MS);
            }
            expect(LOST.contains(verdict), verdict);
            truncating.join();
            writing.join();
        }
    }

    private void writeUntilRefused(ImageStream stream) {
        try (FrameWriter writer = stream.writer()) {
            long count = 1;
            while (true) {
                count = writer.write(ramps.of(count + 1));
                Thread.onSpinWait();
            }
        } catch (IncompatibleException e) {
            // expected
        } catch (Throwable t) {
            t.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** Copies the newest frame repeatedly. */
    private void newest() throws Exception {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            Thread truncating = truncateSoon();
            Verdict verdict = reader.readNewest(buffer, 100 * MS);
            while (verdict.hasFrame()) {
                expect(ramps.isWhole(buffer, 1), "a torn copy");
                verdict = reader.readNewest(buffer, 100 * MS);
            }
            truncating.join();
            expect(LOST.contains(verdict), verdict);
        }
    }

    /** Waits by semaphore, spinning or idling during the truncation. */
    private void await(int round) throws Exception {
        WaitStrategy wait = switch (round % 4) {
            case 0 -> WaitStrategy.spin();
            case 1 -> WaitStrategy.semaphore();
            case 2 -> WaitStrategy.hybrid(MS);
            default -> WaitStrategy.idle(new SleepingMillisIdleStrategy(1));
        };
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(wait)) {
            Thread truncating = truncateSoon();
            Verdict verdict = reader.awaitNext(20_000 * MS);
            truncating.join();
            expect(LOST.contains(verdict), verdict);
            expect(LOST.contains(reader.awaitNext(20_000 * MS)), "another verdict the second time");
        }
    }

    /** Waits for two streams, of which one has a frame in every other round, while the second is truncated. */
    private void awaitSet(int round) throws Exception {
        WaitStrategy wait = round % 3 == 0 ? WaitStrategy.hybrid(MS) : WaitStrategy.semaphore();
        Path other = path.resolveSibling(path.getFileName().toString().replace(".im.shm", "2.im.shm"));
        try (ImageStream first = ImageStream.create(other, spec);
                FrameWriter writer = first.writer();
                ImageStream second = create();
                StreamSet set = round % 4 < 2
                        ? StreamSet.matchedById(wait, first, second)
                        : StreamSet.all(wait, first, second)) {
            if (round % 2 == 0) {
                writer.write(ramps.of(2));
            }
            Thread truncating = truncateSoon();
            Verdict verdict = set.awaitNewest(20_000 * MS);
            truncating.join();
            expect(LOST.contains(verdict) && set.endedBy() == 1, verdict + " by " + set.endedBy());
            expect(LOST.contains(set.awaitNext(20_000 * MS)), "another verdict the second time");
        }
    }

    /** Waits for a count, or reads it, while the header is truncated. */
    private void count(int round) {
        try (ImageStream stream = create()) {
            FrameCounter counter = FrameCounter.of(stream);
            Thread.ofPlatform().daemon().start(() -> {
                LockSupport.parkNanos(random.nextInt(2_000_000));
                FileTruncation.truncate(path, 0);
            });
            for (int attempt = 0; attempt < 2; attempt++) {
                try {
                    while (round % 2 == 0) {
                        long now = counter.get();
                        expect(now == 1, now);
                    }
                    long now = counter.awaitAtLeast(2, 20_000 * MS);
                    expect(false, now);
                } catch (IncompatibleException e) {
                    expect(e.getMessage().contains("truncated"), e.getMessage());
                }
            }
        }
    }

    /** Writes during the truncation, and tries again afterwards. */
    private void write() throws Exception {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            Thread truncating = truncateSoon();
            try {
                while (true) {
                    writer.write(ramps.of(1));
                }
            } catch (IncompatibleException e) {
                expect(e.getMessage().contains("truncated"), e.getMessage());
            }
            truncating.join();
            for (int i = 0; i < 2; i++) {
                try {
                    writer.write(ramps.of(1));
                    expect(false, "no exception");
                } catch (IncompatibleException e) {
                    expect(e.getMessage().contains("truncated"), e.getMessage());
                }
            }
        }
    }

    /** Changes and reads keywords during the truncation. */
    private void keywords() throws Exception {
        try (ImageStream stream = create()) {
            Thread truncating = truncateSoon();
            try {
                for (int i = 0; true; i++) {
                    stream.keywordTable().set("key" + i % 2, i % 3 == 0 ? "text" : "other");
                    stream.keywordTable().remove("key" + i % 2);
                    expect(stream.keywords().isEmpty(), "a keyword that was never set");
                }
            } catch (IncompatibleException e) {
                expect(e.getMessage().contains("truncated") || e.getMessage().contains("re-created"), e.getMessage());
            }
            truncating.join();
        }
    }

    /** Another program truncates the named semaphores while a reader sleeps on one and a writer posts them. */
    private void semaphores() throws Exception {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                FrameWriter writer = stream.writer()) {
            List<String> names = stream.layout().semaphores().names();
            Thread sleeping = Thread.ofPlatform().daemon().start(() -> awaitFrames(reader));
            Thread truncating = Thread.ofPlatform().daemon().start(() -> {
                LockSupport.parkNanos(random.nextInt(2_000_000));
                names.forEach(name -> FileTruncation.truncate(Semaphore.file(name), 0));
            });
            for (int i = 0; i < 200; i++) {
                try {
                    writer.write(ramps.of(1));
                } catch (ShmException e) {
                    String message = e.getMessage();
                    expect(
                            names.stream()
                                    .anyMatch(name -> message.contains(
                                            Semaphore.file(name).toString())),
                            message);
                }
            }
            truncating.join();
            sleeping.join();
            names.forEach(Semaphore::unlink);
        }
    }

    private static void awaitFrames(FrameReader reader) {
        for (int i = 0; i < 20; i++) {
            try {
                Verdict ignored = reader.awaitNext(5 * MS);
            } catch (ShmException e) {
                return;
            } catch (Throwable t) {
                t.printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        }
    }

    /** All other operations that read the file, after the truncation. */
    private void inspect() throws Exception {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            expect(reader.newest() == Verdict.FRESH, "no frame");
            FileTruncation.truncate(path, 0);
            expect(!reader.validate(), "a lost frame was confirmed");
            expect(!reader.copyTo(buffer), "a lost frame was copied");
            expect(LOST.contains(reader.newest()), "another verdict");
            for (Runnable use : new Runnable[] {
                stream::status,
                stream::keywords,
                reader::frameId,
                reader::cnt1,
                reader::acquiredNs,
                reader::isStrict,
                stream.keywordTable()::list,
                () -> stream.keywordTable().set("a", 1),
                () -> stream.reader(WaitStrategy.spin()),
                () -> stream.reader(WaitStrategy.semaphore()),
                () -> ImageStream.open(path)
            }) {
                try {
                    use.run();
                } catch (IncompatibleException e) {
                    expect(e.getMessage().contains(path.toString()), e.getMessage());
                }
            }
        }
    }
}
