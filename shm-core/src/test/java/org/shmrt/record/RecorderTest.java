package org.shmrt.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.NotFoundException;
import org.shmrt.image.NpyFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.Astropy;
import org.shmrt.testing.NewestCount;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** The recorder, its files, and what it counts. */
@Tag("slow")
@Timeout(600)
class RecorderTest {
    private static final Shape FRAME = Shape.of(5, 8);
    private static final int ELEMENTS = 40;
    private static final int DEPTH = 16;

    @RegisterExtension
    @Order(1)
    final Scratch scratch = Scratch.inSharedMemory();

    private final RampFrames ramps = new RampFrames(ELEMENTS);
    private Path path;
    private Path directory;

    @BeforeEach
    void chooseNames() {
        path = scratch.stream("cam");
        directory = scratch.directory().resolve("out");
    }

    private ImageStream create(int depth) {
        return ImageStream.create(
                path, StreamSpec.dao(DataType.UINT16, FRAME).withDepth(depth).withKeywords(4));
    }

    /** Publishes frames and lets the recorder copy each before the stream could overwrite it. */
    private void publish(FrameWriter writer, int frames, Recorder recorder) {
        for (int i = 0; i < frames; i++) {
            long count = writer.stream().status().cnt0() + 1;
            writer.frameId(3 * count);
            writer.write(ramps.of(count));
            awaitTaken(recorder, count);
        }
    }

    private static void awaitTaken(Recorder recorder, long count) {
        while (recorder.status().streams().getFirst().lastCount() < count) {
            LockSupport.parkNanos(100_000);
        }
    }

    private String name() {
        return scratch.prefix() + "cam";
    }

    private void assertAccounted(RecorderStatus status, long published) {
        StreamTotals totals = status.streams().getFirst();
        assertTrue(status.ended());
        assertEquals(published, totals.recorded() + totals.lost(), totals::toString);
        assertEquals(0, totals.buffered());
        assertEquals(totals.lost(), totals.overtaken() + totals.bufferFull() + totals.disk());
        try (Recording recording = Recording.open(directory);
                Arena arena = Arena.ofConfined()) {
            RecordedStream stream = recording.stream(name());
            assertEquals(totals.recorded(), stream.frames());
            MemorySegment pixels = arena.allocate(stream.frameBytes(), 8);
            long expected = totals.firstCount();
            for (long i = 0; i < stream.frames(); i++) {
                RecordedFrame frame = stream.frame(i);
                assertEquals(expected + frame.lost(), frame.count());
                stream.read(i, pixels);
                assertTrue(ramps.isWhole(pixels, frame.count()), "frame " + frame.count());
                expected = frame.count() + 1;
            }
        }
    }

    @Test
    void shouldRecordEveryFrameWithItsCountersTimesAndKeywords() {
        try (ImageStream stream = create(DEPTH);
                FrameWriter writer = stream.writer()) {
            stream.keywordTable().set(Keyword.of("GAIN", 2.5).withComment("of the camera"));
            writer.write(ramps.of(1));
            long beforeNs = Clocks.realtimeNs();
            Recorder recorder = Recorder.into(directory).stream(path).start();
            publish(writer, 30, recorder);
            recorder.close();

            RecorderStatus status = recorder.status();
            assertEquals(List.of(), status.findings());
            assertEquals(30, status.recorded());
            assertEquals(0, status.lost());
            assertEquals(2, status.streams().getFirst().firstCount());
            assertAccounted(status, 30);
            try (Recording recording = Recording.open(directory)) {
                RecordedStream cam = recording.stream(name());
                assertEquals(DataType.UINT16, cam.type());
                assertEquals(FRAME, cam.shape());
                assertEquals("dao", cam.format().orElseThrow());
                assertEquals(DEPTH, cam.depth());
                assertTrue(cam.cards().stream()
                        .anyMatch(card ->
                                card.name().equals("GAIN") && card.value().equals(2.5)));
                RecordedFrame last = cam.frame(29);
                assertEquals(31, last.count());
                assertEquals(93, last.frameId());
                assertTrue(last.acquiredNs() >= beforeNs && last.arrivedNs() >= last.acquiredNs());
                assertEquals(Set.of(), last.causes());
            }
        }
    }

    @Test
    void shouldCountFramesThatTheStreamCouldNotKeep() {
        try (ImageStream stream = create(1);
                FrameWriter writer = stream.writer()) {
            Recorder recorder = Recorder.into(directory).stream(path).start();
            for (int i = 1; i <= 20_000; i++) {
                writer.write(ramps.of(i));
            }
            recorder.close();

            assertAccounted(recorder.status(), 20_000);
        }
    }

    @Test
    void shouldCountFramesWhileTheMemoryIsSmall() {
        try (ImageStream stream = create(DEPTH);
                FrameWriter writer = stream.writer()) {
            Recorder recorder =
                    Recorder.into(directory).stream(path).bufferBytes(1000).start();
            for (int i = 1; i <= 20_000; i++) {
                writer.write(ramps.of(i));
            }
            recorder.close();

            assertAccounted(recorder.status(), 20_000);
        }
    }

    @Test
    void shouldBeginNewFilesWhoseNamesSortByTime() throws IOException {
        try (ImageStream stream = create(DEPTH);
                FrameWriter writer = stream.writer()) {
            Recorder recorder =
                    Recorder.into(directory).stream(path).splitFrames(10).start();
            publish(writer, 25, recorder);
            recorder.close();
            assertEquals(3, recorder.status().streams().getFirst().chunks());

            // the clock of the second recorder is an hour behind
            Recorder second = new Recorder(
                    Recorder.into(directory).stream(path).splitFrames(10),
                    new RecordingClock(() -> Clocks.realtimeNs() - 3_600_000_000_000L, Clocks::monotonicNs));
            publish(writer, 5, second);
            second.close();
        }
        try (Recording recording = Recording.open(directory)) {
            RecordedStream cam = recording.stream(name());
            assertEquals(30, cam.frames());
            for (int i = 0; i < 30; i++) {
                assertEquals(i + 1, cam.frame(i).count());
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(4, files.count());
        }
    }

    @Test
    void shouldKeepItsIntervalsWhenTheClockIsSet() {
        AtomicLong stepNs = new AtomicLong();
        try (ImageStream stream = create(DEPTH);
                FrameWriter writer = stream.writer()) {
            Recorder recorder = new Recorder(
                    Recorder.into(directory).stream(path).splitFrames(5),
                    new RecordingClock(() -> Clocks.realtimeNs() + stepNs.get(), Clocks::monotonicNs));
            publish(writer, 5, recorder);
            stepNs.set(-7_200_000_000_000L);
            publish(writer, 5, recorder);
            stepNs.set(7_200_000_000_000L);
            publish(writer, 5, recorder);
            recorder.close();

            assertAccounted(recorder.status(), 15);
            assertEquals(15, recorder.status().recorded());
        }
        try (Recording recording = Recording.open(directory)) {
            RecordedStream cam = recording.stream(name());
            long beforeNs = 0;
            for (int i = 0; i < 15; i++) {
                long arrivedNs = cam.frame(i).arrivedNs();
                assertTrue(arrivedNs > beforeNs);
                assertEquals(i, cam.indexAt(arrivedNs));
                assertTrue(beforeNs == 0 || arrivedNs - beforeNs < 3_600_000_000_000L, "the step is in the times");
                beforeNs = arrivedNs;
            }
        }
    }

    @Test
    void shouldFollowAStreamThatIsCreatedAgain() {
        Recorder recorder;
        try (ImageStream stream = create(DEPTH);
                FrameWriter writer = stream.writer()) {
            recorder = Recorder.into(directory).stream(path).start();
            publish(writer, 5, recorder);
        }
        while (recorder.status().streams().getFirst().buffered() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
        ImageStream.remove(path);
        try (ImageStream stream = create(DEPTH);
                FrameWriter writer = stream.writer()) {
            for (int i = 1; i <= 3; i++) {
                writer.write(ramps.of(i));
            }
            while (recorder.status().streams().getFirst().restarts() == 0
                    || recorder.status().streams().getFirst().lastCount() != 3) {
                LockSupport.parkNanos(1_000_000);
            }
            recorder.close();
        }
        assertEquals(8, recorder.status().recorded());
        assertEquals(0, recorder.status().lost());
        try (Recording recording = Recording.open(directory)) {
            RecordedStream cam = recording.stream(name());
            assertEquals(8, cam.frames());
            assertEquals(Set.of(LossCause.RESTARTED), cam.frame(5).causes());
            assertEquals(1, cam.frame(5).count());
        }
    }

    /** The recorder may learn that the counter has gone back only after it was asked to stop. */
    @Test
    void shouldTakeTheFramesAfterACounterThatWentBackJustBeforeTheStop() {
        for (int times = 0; times < 20; times++) {
            Path out = scratch.directory().resolve("out" + times);
            try (ImageStream stream = create(DEPTH);
                    FrameWriter writer = stream.writer()) {
                Recorder recorder = Recorder.into(out).stream(path).start();
                publish(writer, 20, recorder);
                NewestCount.set(stream, 0);
                writer.write(ramps.of(1));
                writer.write(ramps.of(2));
                recorder.close();

                // The first one that is read of a new sequence is the newest at that moment.
                assertTrue(recorder.status().recorded() > 20, recorder.status()::toString);
                assertEquals(2, recorder.status().streams().getFirst().lastCount());
            }
            ImageStream.remove(path);
        }
    }

    @Test
    void shouldEndAfterANumberOfFramesAndAfterATime() throws InterruptedException {
        try (ImageStream stream = create(DEPTH);
                FrameWriter writer = stream.writer()) {
            Recorder recorder =
                    Recorder.into(directory).stream(path).maxFrames(4).start();
            publish(writer, 4, recorder);
            assertTrue(recorder.awaitEnd(Long.MAX_VALUE));
            assertEquals(4, recorder.status().recorded());

            Recorder timed = Recorder.into(scratch.directory().resolve("timed")).stream(path)
                    .maxNs(100_000_000)
                    .start();
            assertTrue(timed.awaitEnd(Long.MAX_VALUE));
            assertEquals(0, timed.status().recorded());
            timed.close();
            recorder.close();
        }
    }

    @Test
    void shouldKeepTheNewestFilesOnly() {
        try (ImageStream stream = create(DEPTH);
                FrameWriter writer = stream.writer()) {
            Recorder recorder = Recorder.into(directory).stream(path)
                    .splitFrames(5)
                    .keepBytes(40_000)
                    .start();
            publish(writer, 50, recorder);
            recorder.close();
            assertEquals(50, recorder.status().recorded());
        }
        try (Recording recording = Recording.open(directory)) {
            RecordedStream cam = recording.stream(name());
            assertTrue(cam.frames() < 50 && cam.frames() >= 5, () -> cam.frames() + " frames");
            assertEquals(50, cam.frame(cam.frames() - 1).count());
        }
    }

    @Test
    void shouldCompressCompleteFiles() throws IOException {
        try (ImageStream stream = create(DEPTH);
                FrameWriter writer = stream.writer()) {
            Recorder recorder = Recorder.into(directory).stream(path)
                    .splitFrames(10)
                    .compressed()
                    .start();
            publish(writer, 15, recorder);
            recorder.close();

            assertEquals(List.of(), recorder.status().findings());
            assertAccounted(recorder.status(), 15);
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertTrue(files.allMatch(file -> file.toString().endsWith(".fits.fz")));
        }
    }

    @Test
    void shouldWriteNpyAlsoForComplexNumbersAndMapIt() throws IOException {
        StreamSpec spec = StreamSpec.milk(DataType.COMPLEX64, Shape.of(5, 4)).withKeywords(4);
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            stream.keywordTable().set(Keyword.of("GAIN", 2.5).withComment("of the camera"));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Recorder.into(directory).stream(path).start());
            Recorder recorder = Recorder.into(directory).stream(path).npy().start();
            for (int i = 1; i <= 5; i++) {
                writer.write(frame(i));
                awaitTaken(recorder, i);
            }
            recorder.close();
            assertEquals(5, recorder.status().recorded());
        }
        try (Recording recording = Recording.open(directory);
                Arena arena = Arena.ofConfined()) {
            RecordedStream cam = recording.stream(name());
            assertEquals(DataType.COMPLEX64, cam.type());
            assertEquals("milk", cam.format().orElseThrow());
            assertTrue(cam.cards().stream()
                    .anyMatch(card -> card.name().equals("GAIN") && card.value().equals(2.5)));
            for (int i = 0; i < 5; i++) {
                assertEquals(-1, cam.map(i, arena).orElseThrow().mismatch(frame(i + 1)));
                assertTrue(cam.frame(i).writtenNs() >= cam.frame(i).acquiredNs());
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    List.of("header", "npy", "npy"),
                    files.map(file -> file.toString().replaceFirst(".*\\.", ""))
                            .sorted()
                            .toList());
        }
    }

    private static MemorySegment frame(int value) {
        byte[] bytes = new byte[160];
        Arrays.fill(bytes, (byte) value);
        return MemorySegment.ofArray(bytes);
    }

    @Test
    void shouldWriteFilesThatAstropyReadsAlsoBeforeTheyAreComplete() throws IOException {
        Astropy.assumePresent();
        try (ImageStream stream = create(DEPTH);
                FrameWriter writer = stream.writer()) {
            Recorder recorder = Recorder.into(directory).stream(path).start();
            publish(writer, 20, recorder);
            Path file = onlyChunk();
            while (flushedFrames() < 20) {
                LockSupport.parkNanos(10_000_000); // until it is flushed
            }
            Path npy = scratch.directory().resolve("cube.npy");
            Astropy.run("load", file, 0, npy);
            assertEquals(Shape.of(20, 5, 8), NpyFile.read(npy).shape());
            assertEquals(20, Astropy.run("table", file + ".times").size());
            recorder.close();

            Astropy.run("load", file, 0, npy);
            MemorySegment cube = NpyFile.read(npy).data();
            for (int i = 0; i < 20; i++) {
                assertTrue(ramps.isWhole(cube.asSlice(i * 80L, 80), i + 1));
            }
            List<String> rows = Astropy.run("table", file);
            assertEquals(20, rows.size());
            assertTrue(rows.get(19).startsWith("20 "), rows::toString);
        }
    }

    /** Those that the headers of the cube and of its table describe, which are changed one after the other. */
    private long flushedFrames() {
        try (Recording recording = Recording.open(directory)) {
            return recording.stream(name()).frames();
        }
    }

    private Path onlyChunk() throws IOException {
        while (true) {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.list(directory)) {
                    Optional<Path> chunk = files.filter(file -> file.toString().endsWith(".fits"))
                            .findFirst();
                    if (chunk.isPresent()) {
                        return chunk.get();
                    }
                }
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void shouldRefuseMissingStreamsEqualNamesAndTooLittleMemory() throws IOException {
        assertThrows(
                NotFoundException.class,
                () -> Recorder.into(directory).stream(path).start());
        assertTrue(Files.notExists(directory));
        create(1).close();
        assertThrows(
                IllegalArgumentException.class,
                () -> Recorder.into(directory).stream(path).stream(path).start());
        assertThrows(
                IllegalArgumentException.class,
                () -> Recorder.into(directory).stream(path).bufferBytes(100).start());
        assertThrows(
                IllegalArgumentException.class, () -> Recorder.into(directory).start());
    }

    @Test
    void shouldWaitForAStreamIfAsked() {
        Recorder recorder =
                Recorder.into(directory).stream(path).awaitingStreams().start();
        assertEquals(
                StreamTotals.State.ABSENT,
                recorder.status().streams().getFirst().state());
        try (ImageStream stream = create(DEPTH);
                FrameWriter writer = stream.writer()) {
            while (recorder.status().streams().getFirst().state() != StreamTotals.State.RECORDING) {
                LockSupport.parkNanos(1_000_000);
            }
            publish(writer, 3, recorder);
            recorder.close();
        }
        assertAccounted(recorder.status(), 3);
    }
}
