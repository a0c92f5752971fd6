package org.shmrt.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Allocation;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.FileTruncation;
import org.shmrt.testing.Scratch;

/** Meters of readers, writers and hops, their pages and their events. */
@Timeout(600)
class FrameMeterTest {
    private static final String NAME = "m" + ProcessHandle.current().pid();
    private static final long START_NS = 1_800_000_000_000_000_000L;
    private static final StreamSpec SPEC =
            StreamSpec.dao(DataType.UINT8, Shape.of(8)).withDepth(4);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @AfterEach
    void removePages() throws IOException {
        Files.deleteIfExists(PageKind.METER.path(NAME));
        Files.deleteIfExists(PageKind.METER.path(NAME + "w"));
    }

    private static MeterSnapshot shown() {
        try (MeterTelemetry page = MeterTelemetry.open(NAME)) {
            return page.snapshot();
        }
    }

    private static void publish(FrameWriter writer, long acquiredNs) {
        writer.claim();
        writer.publish(acquiredNs);
    }

    @Test
    void shouldShowIntervalsAgesAndLossesOfAReader() {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin());
                ReaderMeter meter = ReaderMeter.create(NAME, reader)) {
            meter.eventsAbove(400);
            long nowNs = START_NS;
            for (int i = 0; i < 100; i++) {
                publish(writer, nowNs - 10L * i);
                assertTrue(reader.awaitNext(0).hasFrame());
                meter.record(nowNs);
                nowNs += 1_000;
            }
            publish(writer, 0); // not known
            assertTrue(reader.awaitNext(0).hasFrame());
            meter.record(nowNs);
            for (int i = 0; i < 10; i++) {
                publish(writer, nowNs + 5_000); // by another clock
            }
            assertTrue(reader.awaitNewest(0).hasFrame());
            meter.record(nowNs);

            MeterSnapshot shown = shown();
            assertEquals(MeterRole.READER, shown.role());
            assertEquals(path.toString(), shown.stream());
            assertEquals(Optional.empty(), shown.source());
            assertEquals(ProcessHandle.current().pid(), shown.pid());
            assertTrue(shown.isAlive());
            assertEquals(102, shown.count(MeterCounter.FRAMES));
            assertEquals(9, shown.count(MeterCounter.LOST));
            assertEquals(1, shown.count(MeterCounter.NEGATIVE));
            assertEquals(59, shown.count(MeterCounter.SLOW));
            LatencyHistogram interval = shown.histogram(FrameMeasure.INTERVAL);
            assertEquals(101, interval.count());
            assertEquals(1_000, interval.percentileNs(99));
            LatencyHistogram age = shown.histogram(FrameMeasure.AGE);
            assertEquals(100, age.count());
            assertEquals(990, age.maxNs());
            assertEquals(490, (double) age.percentileNs(50), 490 * 0.016);
            assertEquals(age.count(), meter.histogram(FrameMeasure.AGE).count());
            assertEquals(102, meter.value(MeterCounter.FRAMES));
        }
        assertFalse(MeterTelemetry.names().contains(NAME));
    }

    @Test
    void shouldShowTheAgeOfFramesThatAreWritten() {
        try (ImageStream stream = ImageStream.create(scratch.stream("cam"), SPEC);
                FrameWriter writer = stream.writer();
                WriterMeter meter = WriterMeter.create(NAME, writer)) {
            for (int i = 0; i < 5; i++) {
                writer.claim();
                meter.record(writer.publish(START_NS), START_NS, START_NS + 2_000);
            }
            writer.claim();
            long acquiredNs = stream.layout().clock().nowNs();
            meter.record(writer.publish(acquiredNs), acquiredNs);

            MeterSnapshot shown = shown();
            assertEquals(MeterRole.WRITER, shown.role());
            assertEquals(6, shown.count(MeterCounter.FRAMES));
            assertEquals(2_000, (double) shown.histogram(FrameMeasure.AGE).percentileNs(50), 2_000 * 0.016);
        }
    }

    @Test
    void shouldReportThatItsPageWasTruncated() {
        Path page = PageKind.METER.path(NAME);
        List<Consumer<HopMeter>> calls = List.of(
                meter -> meter.record(START_NS, START_NS + 50, 1),
                meter -> meter.recordLost(3, 7),
                HopMeter::recordUnmatched,
                meter -> meter.eventsAbove(10),
                meter -> meter.value(MeterCounter.FRAMES),
                meter -> meter.histogram(FrameMeasure.AGE));
        for (Consumer<HopMeter> call : calls) {
            try (HopMeter meter = HopMeter.create(NAME, Path.of("/tmp/wfs.im.shm"), Path.of("/tmp/dm.im.shm"))) {
                call.accept(meter);
                FileTruncation.truncate(page, 0);

                IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> call.accept(meter));

                assertEquals(
                        "the page " + page + " of the meter was truncated by another process: close the meter and"
                                + " create it again",
                        refusal.getMessage());
            }
            assertFalse(Files.exists(page));
        }
    }

    @Test
    void shouldTakeOverTheEmptyPageOfAKilledProgram() throws IOException {
        Path page = Files.createFile(PageKind.METER.path(NAME));
        String refusal = assertThrows(IncompatibleException.class, () -> MeterTelemetry.open(NAME))
                .getMessage();
        assertTrue(refusal.contains("it is empty") && refusal.contains("or remove " + page), refusal);

        HopMeter.create(NAME, Path.of("/tmp/wfs.im.shm"), Path.of("/tmp/dm.im.shm"))
                .close();

        assertFalse(Files.exists(page));
    }

    @Test
    void shouldShowTheWayBetweenTwoStreams() {
        try (HopMeter meter = HopMeter.create(NAME, Path.of("/tmp/wfs.im.shm"), Path.of("/tmp/dm.im.shm"))) {
            meter.record(START_NS, START_NS + 50, 1);
            meter.record(START_NS + 100, START_NS + 160, 2);
            meter.recordUnmatched();
            meter.recordLost(3, 7);

            MeterSnapshot shown = shown();
            assertEquals(MeterRole.HOP, shown.role());
            assertEquals(Optional.of("/tmp/wfs.im.shm"), shown.source());
            assertEquals("/tmp/dm.im.shm", shown.stream());
            assertEquals(60, shown.histogram(FrameMeasure.AGE).maxNs());
            assertEquals(110, shown.histogram(FrameMeasure.INTERVAL).maxNs());
            assertEquals(1, shown.count(MeterCounter.UNMATCHED));
            assertEquals(3, shown.count(MeterCounter.LOST));
            assertEquals(0, shown.count(MeterCounter.SLOW));
        }
    }

    @Test
    void shouldRefuseASecondMeterOfTheSameNameAndImpossiblePages() throws IOException {
        Path stream = Path.of("/tmp/a.im.shm");
        try (HopMeter meter = HopMeter.create(NAME, stream, stream)) {
            BusyException e = assertThrows(BusyException.class, () -> HopMeter.create(NAME, stream, stream));
            assertTrue(e.getMessage().contains("the meter " + NAME), e.getMessage());
            assertThrows(BusyException.class, () -> MeterTelemetry.remove(NAME));
            assertThrows(IllegalArgumentException.class, () -> meter.eventsAbove(-1));
        }
        assertThrows(NotFoundException.class, () -> MeterTelemetry.open(NAME));
        assertThrows(IllegalArgumentException.class, () -> HopMeter.create("a/b", stream, stream));
        Files.write(PageKind.METER.path(NAME), new byte[100]);
        assertThrows(IncompatibleException.class, () -> MeterTelemetry.open(NAME));
        MeterTelemetry.remove(NAME);
        assertFalse(MeterTelemetry.names().contains(NAME));
    }

    @Test
    void shouldNotAllocateForAFrame() {
        try (ImageStream stream = ImageStream.create(scratch.stream("cam"), SPEC);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin());
                ReaderMeter meter = ReaderMeter.create(NAME, reader);
                WriterMeter writing = WriterMeter.create(NAME + "w", writer)) {
            long least = Allocation.leastBytes(10_000, () -> frames(writer, writing, reader, meter, 100_000));
            assertTrue(least < 10_000, least + " bytes for 100000 frames");
            assertEquals(stream.status().cnt0(), meter.value(MeterCounter.FRAMES));
        }
    }

    private static void frames(
            FrameWriter writer, WriterMeter writing, FrameReader reader, ReaderMeter meter, int number) {
        for (int i = 0; i < number; i++) {
            writer.claim();
            writing.record(writer.publish(START_NS), START_NS);
            reader.awaitNext(0);
            meter.record();
        }
    }

    @Test
    void shouldEmitEventsOfSlowAndLostFramesOnly() {
        Path path = scratch.stream("cam");
        Path file = scratch.directory().resolve("events.jfr");
        try (ChildProcess child = ChildProcess.start(
                ChildJvm.command(ChildJvm.QUICK, Child.class, NAME, path.toString(), file.toString()))) {
            assertEquals(
                    List.of(
                            "org.shmrt.SlowFrame " + NAME + " " + path + " 2 5001",
                            "org.shmrt.LostFrames " + NAME + " " + path + " 5 2"),
                    child.finish());
        }
    }

    /** Reads frames while Flight Recorder records, and prints the events. */
    static final class Child {
        public static void main(String[] words) throws IOException {
            Path file = Path.of(words[2]);
            try (Recording recording = new Recording();
                    ImageStream stream = ImageStream.create(Path.of(words[1]), SPEC);
                    FrameWriter writer = stream.writer();
                    FrameReader reader = stream.reader(WaitStrategy.spin());
                    ReaderMeter meter = ReaderMeter.create(words[0], reader)) {
                recording.enable("org.shmrt.SlowFrame");
                recording.enable("org.shmrt.LostFrames");
                recording.start();
                meter.eventsAbove(5_000);
                for (long ageNs : new long[] {5_000, 5_001}) {
                    publish(writer, START_NS - ageNs);
                    reader.awaitNext(0);
                    meter.record(START_NS);
                }
                for (int i = 0; i < 3; i++) {
                    writer.write(MemorySegment.ofArray(new byte[8]));
                }
                reader.awaitNewest(0);
                meter.record(0);
                recording.stop();
                recording.dump(file);
            }
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                String name = event.getEventType().getName();
                if (name.startsWith("org.shmrt.")) {
                    System.out.println(name + " " + event.getString("meter") + " " + event.getString("stream") + " "
                            + event.getLong("count") + " "
                            + (name.endsWith("SlowFrame")
                                    ? event.getDuration("age").toNanos()
                                    : event.getLong("lost")));
                }
            }
        }
    }
}
