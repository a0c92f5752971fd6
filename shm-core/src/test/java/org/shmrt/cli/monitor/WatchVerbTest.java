package org.shmrt.cli.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.Shm;
import org.shmrt.cli.ShmCommand;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.testing.ChildJvm;

/** {@code shm watch} on streams that are written, idle, stuck, removed and re-created. */
@Timeout(600)
@Tag("slow")
class WatchVerbTest {
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT16, Shape.of(4, 3));

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    /** Writes frames with about this period until {@code over} is set. */
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
        return shm.run("watch", "STREAM", "--once", "--for", forTime, "--json").json();
    }

    @Test
    void shouldMeasureRateAndJitter() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        // The ring is so long that no frame is skipped, although the reader may be stopped for seconds.
        try (ImageStream opened = ImageStream.create(shm.stream(), SPEC.withDepth(8192))) {
            Thread writer = writing(opened, 2000, over);

            JsonObject seen;
            do { // until the writer has run in that time
                seen = once("600ms");
            } while (seen.get("frames").getAsLong() <= 5);

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
            assertEquals(0, seen.get("skipped").getAsLong(), seen.toString());
            assertTrue(interval.get("mean").getAsDouble() >= 1.9e6, "parked for 2 ms each: " + seen);
            assertTrue(seen.get("rate_hz").getAsDouble() > 0, seen.toString());
            assertTrue(interval.get("p50").getAsLong() <= interval.get("p99").getAsLong());
            assertTrue(interval.get("p99").getAsLong() <= interval.get("max").getAsLong());
            assertFalse(seen.get("stuck").getAsBoolean());
        }
    }

    @Test
    void shouldCountTheReadersThatWait() throws InterruptedException {
        try (ImageStream opened = ImageStream.create(shm.stream(), SPEC);
                FrameReader first = opened.reader(WaitStrategy.semaphore(2));
                FrameReader second = opened.reader(WaitStrategy.semaphore(3))) {
            Thread a = Thread.ofPlatform().start(() -> first.awaitNext(50_000_000_000L));
            Thread b = Thread.ofPlatform().start(() -> second.awaitNext(50_000_000_000L));
            while (readersAsleep() < 2) {
                LockSupport.parkNanos(5_000_000L);
            }

            // A reader that looks around does not sleep for that moment: the largest of several numbers counts.
            JsonObject seen = once("1s");
            CommandRun text = shm.run("watch", "STREAM", "--once", "--for", "1s");

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

    /** The interval is that of the writer's stamps, the rate that of arrivals, which a busy machine delays. */
    @Test
    void shouldTakeTheRateFromTheFramesThatArrived() {
        FrameStatistics statistics = new FrameStatistics(0);
        for (int i = 1; i <= 10; i++) {
            statistics.recordFrame(i, 0, 700 + 2_000_000L * i, 2_000_000L * i);
        }

        WatchSample seen = statistics.takeSample(25_000_000);

        assertEquals(500, seen.rateHz(), 1e-6);
        assertEquals(1e9 / seen.rateHz(), seen.intervals().getMean(), 2e3, "frames not skipped give the rate");
    }

    private int readersAsleep() {
        return StreamInspector.now().info(shm.stream()).semaphores().stream()
                .mapToInt(state -> state == null ? 0 : state.waiters())
                .sum();
    }

    @Test
    void shouldCountWhatItCouldNotSee() {
        FrameStatistics statistics = new FrameStatistics(0);
        statistics.recordFrame(1, 0, 100, 1_000_000);
        statistics.recordFrame(2, 0, 200, 2_000_000);
        statistics.recordFrame(6, 3, 0, 5_000_000);
        statistics.recordOverwritten(1);
        statistics.recordFrame(9, 0, 900, 9_000_000);

        WatchSample seen = statistics.takeSample(10_000_000);

        assertEquals(9, seen.frames());
        assertEquals(5, seen.skipped());
        assertEquals(1000, seen.rateHz(), 1e-6);
        assertEquals(1, seen.intervals().getTotalCount(), "only between frames that follow one another");
        assertEquals(WatchSample.Clock.ACQUIRED, seen.clock());

        statistics.recordFrame(10, 0, 900, 11_000_000);
        WatchSample unstamped = statistics.takeSample(12_000_000);
        assertEquals(WatchSample.Clock.ARRIVAL, unstamped.clock(), "the stored times did not change");
        assertEquals(2e6, (double) unstamped.intervals().getMaxValue(), 2e3);
        assertEquals(500, unstamped.rateHz(), 1e-6);
    }

    @Test
    void shouldReportAWriterThatDiedInAFrame() throws IOException, InterruptedException {
        ImageStream.create(shm.stream(), SPEC).close();
        byte[] file = Files.readAllBytes(shm.stream());
        file[152] = 1;
        file[176] = 1;
        Files.write(shm.stream(), file);
        try (ImageStream opened = ImageStream.open(shm.stream())) {
            assertTrue(opened.status().writing());

            try (Running watch = new Running("watch", "STREAM", "--for", "500ms", "--json")) {
                watch.lineWith("\"stuck\":true");
            }
        }
    }

    /** A watch in a thread of its own; the test can wait for its lines. */
    private final class Running implements AutoCloseable {
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
                status = shm.run(collector, err, args);
                errors.append(err);
            });
        }

        /** Waits for a line that contains a text. */
        String lineWith(String words) throws InterruptedException {
            while (true) {
                String line = lines.poll(90, TimeUnit.SECONDS);
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
    void shouldFollowAStreamThatIsRemovedAndCreatedAgain() throws InterruptedException {
        ImageStream.create(shm.stream(), SPEC).close();
        try (Running watch = new Running("watch", "STREAM", "--for", "50ms")) {
            assertTrue(watch.lineWith("Hz").endsWith("cnt0 0"));

            ImageStream.remove(shm.stream());
            assertTrue(watch.lineWith("was removed").contains("waiting until"));
            try (ImageStream opened = ImageStream.create(shm.stream(), StreamSpec.dao(DataType.UINT8, Shape.of(5, 5)));
                    FrameWriter writer = opened.writer()) {
                assertTrue(watch.lineWith("exists again").endsWith("5x5 uint8"));
                writer.write(MemorySegment.ofArray(new byte[25]));
                watch.lineWith("cnt0 1");
            }
            ImageStream.create(shm.stream(), SPEC.replacingExisting()).close();
            assertTrue(watch.lineWith("re-created").endsWith("4x3 uint16"));
            watch.lineWith("cnt0 0");
            assertEquals(0, watch.stop());
        }
    }

    @Test
    void shouldReportEventsInJson() throws InterruptedException {
        ImageStream.create(shm.stream(), SPEC).close();
        try (Running watch = new Running("watch", "STREAM", "--for", "50ms", "--json")) {
            watch.lineWith("measured");
            ImageStream.remove(shm.stream());
            JsonObject event = JsonParser.parseString(watch.lineWith("removed")).getAsJsonObject();

            assertEquals("removed", event.get("event").getAsString());
            assertEquals(shm.stream().toString(), event.get("path").getAsString());
            watch.lineWith("measured");
        }
    }

    @Test
    void shouldFailASingleMeasurementOfAStreamThatIsRemoved() throws InterruptedException {
        ImageStream.create(shm.stream(), SPEC).close();
        Thread remover = Thread.ofPlatform().start(() -> {
            while (shm.scratch().stillOpen().isEmpty()) { // until the command has opened it
                LockSupport.parkNanos(5_000_000L);
            }
            ImageStream.remove(shm.stream());
        });

        CommandRun run = shm.run("watch", "STREAM", "--once", "--for", "90s");
        remover.join();

        run.refused(1, "was removed");
    }

    @Test
    void shouldNotChangeTheFileAndEndOnCtrlC() throws IOException, InterruptedException {
        ImageStream.create(shm.stream(), SPEC).close();
        byte[] before = Files.readAllBytes(shm.stream());
        List<String> noNativeAccess = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        List<String> command = ChildJvm.command(
                noNativeAccess, Shm.class, "watch", shm.stream().toString(), "--for", "100ms");
        try (ChildProcess child = ChildProcess.start(ChildJvm.withDefaultSignals(command))) {
            child.line();
            new ProcessBuilder("kill", "-INT", Long.toString(child.pid()))
                    .start()
                    .waitFor();

            assertEquals(130, child.exitCode());
            assertTrue(child.rest().stream().allMatch(line -> line.contains("Hz")));
            assertEquals("", child.errors(), "no warning, no trace");
        }
        assertArrayEquals(before, Files.readAllBytes(shm.stream()));
    }
}
