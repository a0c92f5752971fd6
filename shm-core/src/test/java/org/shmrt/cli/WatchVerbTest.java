package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.cli.monitor.FrameMeter;
import org.shmrt.cli.monitor.Measurement;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;

/** {@code shm watch} on streams that are written, silent, stuck, removed and created anew. */
@Timeout(60)
class WatchVerbTest {
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT16, Shape.of(4, 3));

    @TempDir
    private Path directory;

    private TestStream stream;

    @BeforeEach
    void nameStream() {
        stream = new TestStream(directory);
    }

    @AfterEach
    void removeStream() {
        stream.close();
    }

    /** Writes a frame about every so many microseconds, until told to stop. */
    private static Thread writing(ImageStream opened, int periodUs, AtomicBoolean over) {
        return Thread.ofPlatform().start(() -> {
            MemorySegment frame = MemorySegment.ofArray(new byte[24]);
            try (FrameWriter writer = opened.writer()) {
                while (!over.get()) {
                    writer.write(frame);
                    LockSupport.parkNanos(periodUs * 1000L);
                }
            }
        });
    }

    private JsonObject once(String forTime) {
        CommandRun run = CommandRun.of("watch", stream.toString(), "--once", "--for", forTime, "--json");
        assertEquals(0, run.status(), run.err());
        assertEquals(1, run.out().lines().count(), run.out());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    @Test
    void shouldMeasureRateAndJitter() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        try (ImageStream opened = ImageStream.create(stream.path(), SPEC.withDepth(64))) {
            Thread writer = writing(opened, 2000, over);

            JsonObject seen = once("600ms");

            over.set(true);
            writer.join();
            assertEquals(
                    List.of(
                            "event",
                            "path",
                            "seconds",
                            "frames",
                            "rate_hz",
                            "cnt0",
                            "skipped",
                            "waiters",
                            "stuck",
                            "clock",
                            "interval_ns"),
                    List.copyOf(seen.keySet()));
            JsonObject interval = seen.getAsJsonObject("interval_ns");
            assertEquals(List.of("count", "mean", "stdev", "p50", "p99", "max"), List.copyOf(interval.keySet()));
            assertEquals("measured", seen.get("event").getAsString());
            assertEquals("acquired", seen.get("clock").getAsString());
            assertTrue(seen.get("seconds").getAsDouble() >= 0.6);
            assertTrue(seen.get("frames").getAsLong() > 5, seen.toString());
            assertTrue(interval.get("mean").getAsDouble() >= 1.9e6, "parked for 2 ms each: " + seen);
            assertEquals(
                    1e9 / interval.get("mean").getAsDouble(),
                    seen.get("rate_hz").getAsDouble(),
                    0.2 * seen.get("rate_hz").getAsDouble(),
                    "frames not skipped give the rate");
            assertTrue(interval.get("p50").getAsLong() <= interval.get("p99").getAsLong());
            assertTrue(interval.get("p99").getAsLong() <= interval.get("max").getAsLong());
            assertFalse(seen.get("stuck").getAsBoolean());
        }
    }

    @Test
    void shouldCountTheReadersThatWait() throws InterruptedException {
        try (ImageStream opened = ImageStream.create(stream.path(), SPEC);
                FrameReader first = opened.reader(WaitStrategy.semaphore(2));
                FrameReader second = opened.reader(WaitStrategy.semaphore(3))) {
            Thread a = Thread.ofPlatform().start(() -> first.awaitNext(50_000_000_000L));
            Thread b = Thread.ofPlatform().start(() -> second.awaitNext(50_000_000_000L));

            JsonObject seen = once("500ms");
            CommandRun text = CommandRun.of("watch", stream.toString(), "--once", "--for", "300ms");

            a.interrupt();
            b.interrupt();
            a.join();
            b.join();
            assertEquals(2, seen.get("waiters").getAsInt());
            assertEquals(0, seen.get("frames").getAsInt());
            assertEquals(0, seen.get("rate_hz").getAsDouble());
            assertTrue(seen.getAsJsonObject("interval_ns").get("max").isJsonNull());
            assertEquals("0.0 Hz  skipped 0  waiting 2  cnt0 0", text.out().strip());
        }
    }

    @Test
    void shouldCountWhatItCouldNotSee() {
        FrameMeter meter = new FrameMeter(0);
        meter.frame(1, 0, 100, 1_000_000);
        meter.frame(2, 0, 200, 2_000_000);
        meter.frame(6, 3, 0, 5_000_000);
        meter.overwritten(1);
        meter.frame(9, 0, 900, 9_000_000);

        Measurement seen = meter.take(10_000_000);

        assertEquals(9, seen.frames());
        assertEquals(5, seen.skipped());
        assertEquals(1000, seen.rateHz(), 1e-6);
        assertEquals(1, seen.intervals().getTotalCount(), "only between frames that follow one another");
        assertEquals("acquired", seen.clock());

        meter.frame(10, 0, 900, 11_000_000);
        Measurement unstamped = meter.take(12_000_000);
        assertEquals("arrival", unstamped.clock(), "two frames of one time tell nothing");
        assertEquals(2e6, (double) unstamped.intervals().getMaxValue(), 2e3);
        assertEquals(500, unstamped.rateHz(), 1e-6);
    }

    @Test
    void shouldTellOfAWriterThatDiedInAFrame() throws IOException {
        ImageStream.create(stream.path(), SPEC).close();
        byte[] file = Files.readAllBytes(stream.path());
        file[152] = 1;
        file[176] = 1;
        Files.write(stream.path(), file);
        try (ImageStream opened = ImageStream.open(stream.path())) {
            assertTrue(opened.status().writing());

            assertTrue(once("1500ms").get("stuck").getAsBoolean());
        }
    }

    /** A watch in a thread of its own, whose lines can be waited for. */
    private static final class Running implements AutoCloseable {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final StringBuilder errors = new StringBuilder();
        private final Thread thread;
        private volatile int status = -1;

        Running(String... args) {
            Writer collector = new Writer() {
                private final StringBuilder part = new StringBuilder();

                @Override
                public void write(char[] text, int from, int length) {
                    part.append(text, from, length);
                    for (int end = part.indexOf("\n"); end >= 0; end = part.indexOf("\n")) {
                        lines.add(part.substring(0, end));
                        part.delete(0, end + 1);
                    }
                }

                @Override
                public void flush() {
                    // lines are handed on as they come
                }

                @Override
                public void close() {
                    // nothing is held
                }
            };
            StringWriter err = new StringWriter();
            thread = Thread.ofPlatform().start(() -> {
                status = Shm.run(new PrintWriter(collector, true), new PrintWriter(err, true), args);
                errors.append(err);
            });
        }

        /** The next line that has some words in it. */
        String lineWith(String words) throws InterruptedException {
            while (true) {
                String line = lines.poll(30, TimeUnit.SECONDS);
                if (line == null) {
                    throw new AssertionError("no line with " + words);
                }
                if (line.contains(words)) {
                    return line;
                }
            }
        }

        int stop() {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertEquals("", errors.toString());
            return status;
        }

        @Override
        public void close() {
            stop();
        }
    }

    @Test
    void shouldFollowAStreamThatIsRemovedAndComesBack() throws InterruptedException {
        ImageStream.create(stream.path(), SPEC).close();
        try (Running watch = new Running("watch", stream.toString(), "--for", "50ms")) {
            assertTrue(watch.lineWith("Hz").endsWith("cnt0 0"));

            ImageStream.remove(stream.path());
            assertTrue(watch.lineWith("was removed").contains("waiting for it"));
            try (ImageStream opened =
                            ImageStream.create(stream.path(), StreamSpec.dao(DataType.UINT8, Shape.of(5, 5)));
                    FrameWriter writer = opened.writer()) {
                assertTrue(watch.lineWith("is back").endsWith("5x5 uint8"));
                writer.write(MemorySegment.ofArray(new byte[25]));
                watch.lineWith("cnt0 1");
            }
            ImageStream.create(stream.path(), SPEC.replacingExisting()).close();
            assertTrue(watch.lineWith("created anew").endsWith("4x3 uint16"));
            watch.lineWith("cnt0 0");
            assertEquals(0, watch.stop());
        }
    }

    @Test
    void shouldTellEventsInJsonToo() throws InterruptedException {
        ImageStream.create(stream.path(), SPEC).close();
        try (Running watch = new Running("watch", stream.toString(), "--for", "50ms", "--json")) {
            watch.lineWith("measured");
            ImageStream.remove(stream.path());
            JsonObject event = JsonParser.parseString(watch.lineWith("removed")).getAsJsonObject();

            assertEquals("removed", event.get("event").getAsString());
            assertEquals(stream.toString(), event.get("path").getAsString());
            watch.lineWith("measured");
        }
    }

    @Test
    void shouldFailASingleMeasurementOfAStreamThatGoesAway() throws InterruptedException {
        ImageStream.create(stream.path(), SPEC).close();
        Thread remover = Thread.ofPlatform().start(() -> {
            LockSupport.parkNanos(300_000_000L);
            ImageStream.remove(stream.path());
        });

        CommandRun run = CommandRun.of("watch", stream.toString(), "--once", "--for", "20s");
        remover.join();

        assertTrue(run.failedInOneLine(1), run.toString());
        assertTrue(run.err().contains("was removed"), run.err());
    }

    @Test
    void shouldLeaveTheFileAloneAndEndOnCtrlC() throws IOException, InterruptedException {
        ImageStream.create(stream.path(), SPEC).close();
        byte[] before = Files.readAllBytes(stream.path());
        List<String> noNativeAccess = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        try (ChildProcess child = ChildProcess.start(
                ChildJvm.command(noNativeAccess, Shm.class, "watch", stream.toString(), "--for", "100ms"))) {
            child.line();
            new ProcessBuilder("kill", "-INT", Long.toString(child.pid()))
                    .start()
                    .waitFor();

            assertEquals(130, child.exitCode());
            assertTrue(child.rest().stream().allMatch(line -> line.contains("Hz")));
            assertEquals("", child.errors(), "no warning, no trace");
        }
        assertArrayEquals(before, Files.readAllBytes(stream.path()));
    }
}
