package org.shmrt.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.shmrt.record.RecordingFixture.RAMPS;
import static org.shmrt.record.RecordingFixture.START_NS;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileMapping;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.FileTruncation;
import org.shmrt.testing.Scratch;

/** Recordings that are written to streams again. */
@Timeout(600)
class ReplayerTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path directory;
    private Path target;

    @BeforeEach
    void createDirectory() throws IOException {
        directory = Files.createDirectory(scratch.directory().resolve("recording"));
        target = scratch.stream("again");
    }

    private void assertNewest(long firstCount, int frames) {
        try (ImageStream stream = ImageStream.open(target, Access.READ_ONLY);
                Arena arena = Arena.ofConfined()) {
            FrameHistory history = stream.history();
            MemorySegment pixels = arena.allocate(history.frameBytes() * frames, 8);
            assertTrue(history.read(pixels, 0).hasFrame());
            assertEquals(frames, history.length());
            for (int i = 0; i < frames; i++) {
                MemorySegment frame = pixels.asSlice(i * history.frameBytes(), history.frameBytes());
                assertTrue(RAMPS.isWhole(frame, firstCount + i), "frame " + i);
            }
        }
    }

    @Test
    void shouldLeaveItsTargetToOthersWhenItCannotBegin() throws IOException {
        RecordingFixture.write(directory, "cam", 5, 5, 1_000_000);
        try (Recording recording = Recording.open(directory)) {
            assertEquals(DataType.UINT16, recording.stream("cam").type()); // opens the file
            try (Stream<Path> files = Files.list(directory)) {
                FileTruncation.truncate(files.findFirst().orElseThrow(), 2880);
            }
            ReplayBuilder plan = Replayer.of(recording).stream("cam", target).speed(Double.POSITIVE_INFINITY);
            assertThrows(IncompatibleException.class, plan::open);
        }

        assertTrue(FileMapping.of(ProcessHandle.current().pid()).stream()
                .noneMatch(mapping -> mapping.path().equals(target.toString())));
        try (ImageStream stream = ImageStream.open(target)) {
            stream.writer().close();
        }
    }

    @Test
    void shouldWriteAllFramesToANewStreamWithTheKeywords() throws InterruptedException {
        RecordingFixture.write(directory, "cam", 25, 10, 1_000_000);

        try (Recording recording = Recording.open(directory);
                Replayer replay = Replayer.of(recording).stream("cam", target)
                        .speed(Double.POSITIVE_INFINITY)
                        .withRecordedTimes()
                        .open()) {
            replay.run();
            assertEquals(Map.of("cam", 25L), replay.published());
        }
        assertNewest(10, 16);
        try (ImageStream stream = ImageStream.open(target, Access.READ_ONLY)) {
            assertEquals("dao", stream.layout().format());
            assertEquals(16, stream.layout().depth());
            assertEquals(75, stream.status().cnt2());
            assertEquals(START_NS + 24_000_000, stream.status().acquiredNs());
            assertEquals(
                    2.5,
                    stream.keywords().stream()
                            .filter(keyword -> keyword.name().equals("GAIN"))
                            .findFirst()
                            .orElseThrow()
                            .value());
        }
    }

    @Test
    void shouldTakeAsLongAsTheRecordingAtTheChosenSpeed() throws InterruptedException {
        RecordingFixture.write(directory, "cam", 10, 4, 10_000_000);
        long startNs = System.nanoTime();

        try (Recording recording = Recording.open(directory);
                Replayer replay =
                        Replayer.of(recording).stream("cam", target).speed(0.5).open()) {
            replay.run();
        }

        assertTrue(System.nanoTime() - startNs >= 180_000_000, "nine intervals of 20 ms");
        assertNewest(1, 10);
    }

    @Test
    void shouldWriteAnIntervalOfTime() throws InterruptedException {
        RecordingFixture.write(directory, "cam", 25, 10, 1_000_000);

        try (Recording recording = Recording.open(directory);
                Replayer replay = Replayer.of(recording).stream("cam", target)
                        .speed(Double.POSITIVE_INFINITY)
                        .between(START_NS + 8_001_000, START_NS + 12_001_000)
                        .open()) {
            replay.run();
        }

        assertNewest(9, 4);
    }

    @Test
    void shouldWriteSeveralStreamsInTheirCommonOrderAndRepeat() throws InterruptedException {
        RecordingFixture.write(directory, "cam", 8, 3, 1_000_000);
        RecordingFixture.write(directory, "dm", 4, 4, 2_000_000);
        Path other = scratch.stream("dm");

        try (Recording recording = Recording.open(directory)) {
            Replayer replay = Replayer.of(recording).stream("cam", target).stream("dm", other)
                    .speed(100)
                    .repeating()
                    .open();
            Thread runner = Thread.ofPlatform().start(() -> {
                try {
                    replay.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            while (replay.published().get("cam") < 20 || replay.published().get("dm") < 10) {
                LockSupport.parkNanos(1_000_000);
            }
            replay.close();
            runner.join();
        }
        ImageStream.remove(other);
    }

    @Test
    void shouldGiveFramesTheirRecordedCountsSoThatReadersSeeWhatWasLost() throws InterruptedException {
        RecordingFixture.write(directory, "cam", 6, 3, 1_000_000, i -> 100 + i + (i < 4 ? 0 : 5));
        ImageStream.create(
                        target,
                        StreamSpec.dao(DataType.UINT16, RecordingFixture.FRAME).withDepth(16))
                .close();

        try (ImageStream stream = ImageStream.open(target, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin());
                Recording recording = Recording.open(directory);
                Replayer replay = Replayer.of(recording).stream("cam", target)
                        .speed(Double.POSITIVE_INFINITY)
                        .withRecordedCounts()
                        .withFreshIds()
                        .open()) {
            replay.run();
            Map<Long, Long> idOfCount = new TreeMap<>();
            for (int slot = 0; slot < 16; slot++) {
                assertEquals(Verdict.FRESH, reader.takeSlot(slot));
                idOfCount.put(reader.count(), reader.frameId());
            }
            assertEquals(Map.of(0L, 0L, 100L, 1L, 101L, 2L, 102L, 3L, 103L, 4L, 109L, 5L, 110L, 6L), idOfCount);
            assertTrue(reader.awaitNewest(0).hasFrame());
            assertEquals(110, reader.count());
            assertEquals(109, reader.lost());
        }
    }

    @Test
    void shouldReplayACubeWithoutTimesAtAChosenRate() throws InterruptedException {
        Path cube = directory.resolve("cube.fits");
        FitsFile.writeCube(
                cube, DataType.UINT16, RecordingFixture.FRAME, 10, i -> RAMPS.of(1 + i), FitsOptions.defaults());
        ImageStream.create(
                        target,
                        StreamSpec.dao(DataType.UINT16, RecordingFixture.FRAME).withDepth(16))
                .close();

        try (Recording recording = Recording.open(cube)) {
            ReplayBuilder builder = Replayer.of(recording).stream("cube", target);
            assertTrue(assertThrows(IllegalArgumentException.class, builder::open)
                    .getMessage()
                    .contains("--rate HZ"));
            long startNs = System.nanoTime();
            try (Replayer replay = builder.rateHz(100).open()) {
                replay.run();
            }
            assertTrue(System.nanoTime() - startNs >= 90_000_000, "nine intervals of 10 ms");
            assertThrows(
                    IllegalArgumentException.class,
                    () -> builder.between(START_NS, START_NS + 1).open());
        }

        assertNewest(1, 10);
        try (ImageStream stream = ImageStream.open(target, Access.READ_ONLY)) {
            assertEquals(10, stream.status().cnt2());
        }
    }

    @Test
    void shouldReplayARecordingAtAChosenRate() throws InterruptedException {
        RecordingFixture.write(directory, "cam", 10, 4, 3_600_000_000_000L);

        try (Recording recording = Recording.open(directory);
                Replayer replay = Replayer.of(recording).stream("cam", target)
                        .rateHz(1000)
                        .open()) {
            replay.run();
        }

        assertNewest(1, 10);
    }

    @Test
    void shouldRefuseAStreamOfAnotherShape() {
        RecordingFixture.write(directory, "cam", 2, 2, 1_000_000);
        ImageStream.create(target, StreamSpec.dao(DataType.UINT16, Shape.of(8, 8)))
                .close();

        try (Recording recording = Recording.open(directory)) {
            assertThrows(
                    IncompatibleException.class,
                    () -> Replayer.of(recording).stream("cam", target).open());
            assertThrows(
                    IllegalArgumentException.class, () -> Replayer.of(recording).open());
        }
    }
}
