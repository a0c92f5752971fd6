package org.shmrt.testing;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameCounter;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/**
 * Uses streams whose file is cut off under it, again and again, and ends with a line {@code ok} if every access
 * fault became a verdict. In a process of its own, because an access fault that did not would be its death.
 */
public final class FaultChild {
    private static final long MS = 1_000_000L;
    private static final Set<Verdict> MOVED = EnumSet.of(Verdict.RECREATED, Verdict.REMOVED);

    private final Path path;
    private final StreamSpec spec;
    private final Random random = new Random(20261121L);
    private final Frames ramp = new Frames(256 * 512);
    private final MemorySegment mine = ramp.empty();

    private FaultChild(Path path, String format) {
        this.path = path;
        this.spec = StreamSpec.of(format, DataType.UINT16, Shape.of(256, 512))
                .withKeywords(2)
                .replacingExisting();
    }

    public static void main(String[] words) throws Exception {
        FaultChild child = new FaultChild(Path.of(words[1]), words[3]);
        int rounds = Integer.parseInt(words[2]);
        for (int round = 0; round < rounds; round++) {
            switch (words[0]) {
                case "read" -> child.read();
                case "newest" -> child.newest();
                case "wait" -> child.await(round);
                case "count" -> child.count(round);
                case "write" -> child.write();
                case "look" -> child.look();
                case "keywords" -> child.keywords();
                default -> throw new IllegalArgumentException(words[0]);
            }
        }
        System.out.println("ok");
    }

    private ImageStream create() {
        ImageStream stream = ImageStream.create(path, spec);
        try (FrameWriter writer = stream.writer()) {
            writer.write(ramp.of(1));
        }
        return stream;
    }

    /** Cuts the file off at nothing, inside the header, at or inside the data, after a moment. */
    private Thread cutSoon() {
        long[] lengths = {0, 0, 100, 4304, 4304 + 4096, 4304 + 256 * 512};
        long length = lengths[random.nextInt(lengths.length)];
        return FileTruncation.truncateAfter(random.nextInt(2_000_000), path, length);
    }

    private void cut(long length) {
        FileTruncation.truncate(path, length);
    }

    private static void expect(boolean fact, Object found) {
        if (!fact) {
            throw new AssertionError("found " + found);
        }
    }

    /** Copying frames of a writer that goes on until it notices. */
    private void read() throws Exception {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            Thread writing = Thread.ofPlatform().daemon().start(() -> writeUntilRefused(stream));
            Thread cutting = cutSoon();
            Verdict verdict = reader.read(mine, 250 * MS);
            while (verdict.hasFrame() || verdict == Verdict.TIMED_OUT) {
                expect(!verdict.hasFrame() || ramp.isWhole(mine, reader.count()), "a torn copy");
                verdict = reader.read(mine, 250 * MS);
            }
            expect(MOVED.contains(verdict), verdict);
            cutting.join();
            writing.join();
        }
    }

    private void writeUntilRefused(ImageStream stream) {
        try (FrameWriter writer = stream.writer()) {
            long count = 1;
            while (true) {
                count = writer.write(ramp.of(count + 1));
                Thread.onSpinWait();
            }
        } catch (IncompatibleException e) {
            // as it should be
        } catch (Throwable t) {
            t.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** Copying the newest frame over and over. */
    private void newest() throws Exception {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            Thread cutting = cutSoon();
            Verdict verdict = reader.readNewest(mine, 100 * MS);
            while (verdict.hasFrame()) {
                expect(ramp.isWhole(mine, 1), "a torn copy");
                verdict = reader.readNewest(mine, 100 * MS);
            }
            cutting.join();
            expect(MOVED.contains(verdict), verdict);
        }
    }

    /** Sleeping, spinning or idling when it happens. */
    private void await(int round) throws Exception {
        WaitStrategy wait = switch (round % 4) {
            case 0 -> WaitStrategy.spin();
            case 1 -> WaitStrategy.semaphore();
            case 2 -> WaitStrategy.hybrid(MS);
            default -> WaitStrategy.idle(new SleepingMillisIdleStrategy(1));
        };
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(wait)) {
            Thread cutting = cutSoon();
            Verdict verdict = reader.awaitNext(20_000 * MS);
            cutting.join();
            expect(MOVED.contains(verdict), verdict);
            expect(MOVED.contains(reader.awaitNext(20_000 * MS)), "another verdict the second time");
        }
    }

    /** Waiting for a count, or asking for it, when the header goes. */
    private void count(int round) {
        try (ImageStream stream = create()) {
            FrameCounter counter = FrameCounter.of(stream);
            Thread.ofPlatform().daemon().start(() -> {
                LockSupport.parkNanos(random.nextInt(2_000_000));
                cut(0);
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

    /** Writing, by copy and in place, when it happens, and trying again. */
    private void write() throws Exception {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            Thread cutting = cutSoon();
            try {
                while (true) {
                    writer.write(ramp.of(1));
                }
            } catch (IncompatibleException e) {
                expect(e.getMessage().contains("truncated"), e.getMessage());
            }
            cutting.join();
            for (int i = 0; i < 2; i++) {
                try {
                    writer.write(ramp.of(1));
                    expect(false, "no refusal");
                } catch (IncompatibleException e) {
                    expect(e.getMessage().contains("truncated"), e.getMessage());
                }
            }
        }
    }

    /** Changing and reading keywords when it happens. */
    private void keywords() throws Exception {
        try (ImageStream stream = create()) {
            Thread cutting = cutSoon();
            try {
                for (int i = 0; true; i++) {
                    stream.keywordTable().set("key" + i % 2, i % 3 == 0 ? "text" : "other");
                    stream.keywordTable().remove("key" + i % 2);
                    expect(stream.keywords().isEmpty(), "a keyword of nobody");
                }
            } catch (IncompatibleException e) {
                expect(e.getMessage().contains("truncated") || e.getMessage().contains("re-created"), e.getMessage());
            }
            cutting.join();
        }
    }

    /** Everything else that looks into the file, after it is gone. */
    private void look() throws Exception {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            expect(reader.newest() == Verdict.FRESH, "no frame");
            cut(0);
            expect(!reader.validate(), "confirmed");
            expect(!reader.copyTo(mine), "copied");
            expect(MOVED.contains(reader.newest()), "another verdict");
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
