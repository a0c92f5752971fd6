package org.shmrt.cli.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/** {@code shm latency} and its meter. */
@Timeout(600)
class LatencyVerbTest {
    private static final long STEP_NS = 1_000_000;
    private static final MemorySegment FRAME = MemorySegment.ofArray(new byte[4]);

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inSharedMemory();

    private ImageStream create(String name) {
        return ImageStream.create(
                shm.scratch().stream(name),
                StreamSpec.dao(DataType.UINT8, Shape.of(4)).withDepth(64));
    }

    private static void publish(FrameWriter writer, long id, long timeNs) {
        writer.frameId(id);
        writer.claim().copyFrom(FRAME);
        writer.publish(timeNs);
    }

    @Test
    void shouldMatchFramesByTheirIds() {
        try (ImageStream a = create("a");
                ImageStream b = create("b");
                FrameWriter from = a.writer();
                FrameWriter to = b.writer();
                FrameReader fromReader = a.reader(WaitStrategy.spin());
                FrameReader toReader = b.reader(WaitStrategy.spin())) {
            LatencyMeter meter = new LatencyMeter(fromReader, toReader, LatencyMeter.Matching.ID, Optional.empty());
            long nowNs = Clocks.realtimeNs();
            for (int i = 0; i < 10; i++) {
                publish(from, 100 + i, nowNs + i * STEP_NS);
            }
            for (int i = 3; i < 10; i++) {
                publish(to, 100 + i, nowNs + i * STEP_NS + 250_000);
            }
            publish(to, 5, nowNs);
            publish(to, 109, nowNs);

            assertTrue(meter.poll());

            assertEquals(7, meter.takeInterval().getTotalCount());
            assertEquals(250_000, (double) meter.total().getMaxValue(), 250);
            assertEquals(1, meter.unmatched());
            assertEquals(1, meter.negative());
            assertEquals(0, meter.lost());
        }
    }

    @Test
    void shouldMatchAFrameWithTheLastOneBeforeIt() {
        try (ImageStream a = create("a");
                ImageStream b = create("b");
                FrameWriter from = a.writer();
                FrameWriter to = b.writer();
                FrameReader fromReader = a.reader(WaitStrategy.spin());
                FrameReader toReader = b.reader(WaitStrategy.spin())) {
            LatencyMeter meter = new LatencyMeter(fromReader, toReader, LatencyMeter.Matching.TIME, Optional.empty());
            long nowNs = Clocks.realtimeNs();
            publish(to, 0, nowNs - STEP_NS);
            publish(from, 0, nowNs);
            publish(from, 0, nowNs + STEP_NS);
            publish(to, 0, nowNs + STEP_NS + 400_000);
            publish(from, 0, nowNs + 2 * STEP_NS);
            publish(to, 0, nowNs + STEP_NS + 600_000);

            assertTrue(meter.poll());

            assertEquals(2, meter.takeInterval().getTotalCount());
            assertEquals(600_000, (double) meter.total().getMaxValue(), 600);
            assertEquals(400_000, (double) meter.total().getMinValue(), 400);
            assertEquals(1, meter.unmatched());
        }
    }

    @Test
    void shouldMeasureLiveAndDraw() throws InterruptedException {
        Path picture = shm.file("latency.png");
        try (ImageStream a = create("a");
                ImageStream b = create("b");
                FrameWriter from = a.writer();
                FrameWriter to = b.writer()) {
            Thread publisher = Thread.ofPlatform().start(() -> {
                for (int i = 1; !Thread.currentThread().isInterrupted(); i++) {
                    long nowNs = Clocks.realtimeNs();
                    publish(from, i, nowNs);
                    publish(to, i, nowNs + 100_000);
                    LockSupport.parkNanos(500_000);
                }
            });
            CommandRun run;
            do { // until frames were published in that time
                run = shm.run(
                        "latency",
                        a.path().toString(),
                        b.path().toString(),
                        "--for",
                        "1200ms",
                        "--out",
                        picture.toString(),
                        "--json");
            } while (run.status() == ExitStatus.TIMED_OUT);
            publisher.interrupt();
            publisher.join();

            assertEquals(0, run.status(), run.toString());
            JsonObject total =
                    JsonParser.parseString(run.out().lines().toList().getLast()).getAsJsonObject();
            assertEquals("total", total.get("event").getAsString());
            assertTrue(total.get("count").getAsLong() > 0, run.toString());
            assertEquals(100_000, (double) total.get("p99.99").getAsLong(), 100);
            assertTrue(Files.exists(picture));
        }
    }

    @Test
    void shouldSayWhatIsWrong() {
        try (ImageStream a = create("a");
                ImageStream b = create("b")) {
            CommandRun run = shm.run("latency", a.path().toString(), b.path().toString(), "--for", "50ms");
            assertEquals(3, run.status(), run::toString);
            assertTrue(run.err().contains("belongs to one of"), run::toString);
            shm.run("latency", a.path().toString(), b.path().toString(), "--out", "x.jpg")
                    .refused(2, ".png");
        }
        shm.run("latency", "STREAM", "LINK").refused(1, "there is no ");
    }
}
