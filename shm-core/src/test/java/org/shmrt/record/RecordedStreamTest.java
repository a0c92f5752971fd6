package org.shmrt.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.shmrt.record.RecordingFixture.RAMPS;
import static org.shmrt.record.RecordingFixture.START_NS;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.memory.Shape;
import org.shmrt.record.chunk.ChunkName;
import org.shmrt.record.chunk.SparseChunk;
import org.shmrt.testing.OwnedFiles;
import org.shmrt.testing.Scratch;

/** Random access to recordings, and copies of their parts. */
@Timeout(600)
class RecordedStreamTest {
    private static final long PERIOD_NS = 1_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private void assertFrames(Path path, int first, int count) {
        try (Recording recording = Recording.open(path);
                Arena arena = Arena.ofConfined()) {
            RecordedStream cam = recording.streams().getFirst();
            assertEquals(count, cam.frames());
            MemorySegment pixels = arena.allocate(cam.frameBytes(), 8);
            for (int i = 0; i < count; i++) {
                cam.read(i, pixels);
                assertTrue(RAMPS.isWhole(pixels, first + i), "frame " + i);
                assertEquals(first + i, cam.frame(i).count());
            }
        }
    }

    @Test
    void shouldFindFramesByIndexAndByTime() {
        RecordingFixture.write(scratch.directory(), "cam", 25, 10, PERIOD_NS);

        try (Recording recording = Recording.open(scratch.directory())) {
            RecordedStream cam = recording.stream("cam");
            assertEquals(25, cam.frames());
            assertEquals(0, cam.indexAt(Long.MIN_VALUE));
            assertEquals(25, cam.indexAt(Long.MAX_VALUE));
            for (int i = 0; i < 25; i++) {
                long arrivedNs = START_NS + i * PERIOD_NS + 1000;
                assertEquals(arrivedNs, cam.frame(i).arrivedNs());
                assertEquals(i, cam.indexAt(arrivedNs));
                assertEquals(i + 1, cam.indexAt(arrivedNs + 1));
            }
            assertThrows(IndexOutOfBoundsException.class, () -> cam.frame(25));
            assertThrows(IndexOutOfBoundsException.class, () -> cam.frame(-1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"part.fits", "part.fits.fz"})
    void shouldExtractFramesOfSeveralFiles(String name) {
        RecordingFixture.write(scratch.directory(), "cam", 25, 10, PERIOD_NS);
        Path target = scratch.directory().resolve(name);

        try (Recording recording = Recording.open(scratch.directory())) {
            RecordedStream cam = recording.stream("cam");
            cam.extract(8, 22, target);
            assertFrames(target, 9, 14);
            assertEquals(Shape.of(14, 5, 8), FitsFile.header(target).shape());
            assertTrue(FitsFile.header(target).cards().stream()
                    .anyMatch(card -> card.name().equals("CNT0") && card.value().equals(9L)));

            long fromNs = START_NS + 3 * PERIOD_NS + 1000;
            assertEquals(
                    7, cam.extractTime(fromNs, fromNs + 7 * PERIOD_NS, target).frames());
            assertFrames(target, 4, 7);
            assertEquals(
                    25, cam.extractTime(Long.MIN_VALUE, Long.MAX_VALUE, target).frames());
            assertFrames(target, 1, 25);
            assertThrows(IllegalArgumentException.class, () -> cam.extract(5, 26, target));
            assertThrows(IllegalArgumentException.class, () -> cam.extract(5, 5, target));
            assertThrows(IllegalArgumentException.class, () -> cam.extractTime(fromNs, fromNs, target));
        }
    }

    /** As the recorder does. */
    @ParameterizedTest
    @ValueSource(longs = {5_000_000_000L, -1, Long.MAX_VALUE})
    void shouldNotWriteADateForATimeThatIsNone(long acquiredNs) {
        RecordingFixture.writeFrame(scratch.directory(), "cam", acquiredNs, List.of());

        ExtractResult result = extract();

        assertEquals(Optional.empty(), card("DATE-OBS"));
        assertEquals(Optional.of(acquiredNs), card("ACQTIME"));
        assertEquals(1, result.remarks().size());
        assertTrue(result.remarks().getFirst().startsWith("no DATE-OBS, because "), result::toString);
    }

    /** A stream of TAI stamps, 37 seconds ahead when it was recorded, and in the past now. */
    @Test
    void shouldNotWriteADateWhereTheRecorderWroteNone() {
        long acquiredNs = 1_700_000_000_000_000_000L;
        RecordingFixture.writeFrame(
                scratch.directory(), "cam", acquiredNs, List.of(FitsCard.of("ACQTIME", acquiredNs, "as stored")));

        assertEquals(1, extract().remarks().size());
        assertEquals(Optional.empty(), card("DATE-OBS"));
    }

    @Test
    void shouldWriteTheDateOfTheFirstFrame() {
        RecordingFixture.writeFrame(scratch.directory(), "cam", 1_700_000_000_000_000_000L, List.of());

        assertEquals(new ExtractResult(1, List.of()), extract());
        assertEquals(
                "2023-11-14T22:13:20", card("DATE-OBS").orElseThrow().toString().substring(0, 19));
    }

    private ExtractResult extract() {
        try (Recording recording = Recording.open(scratch.directory())) {
            return recording.stream("cam").extract(0, 1, scratch.directory().resolve("part.fits"));
        }
    }

    private Optional<Object> card(String name) {
        return FitsFile.header(scratch.directory().resolve("part.fits")).cards().stream()
                .filter(card -> card.name().equals(name))
                .map(FitsCard::value)
                .findFirst();
    }

    @Test
    void shouldSayThatTheOwnerOfAReplacedFileChanged() throws IOException {
        RecordingFixture.write(scratch.directory(), "cam", 5, 10, PERIOD_NS);
        Path shared = Files.createDirectory(scratch.directory().resolve("shared"));
        Path target = Files.write(shared.resolve("part.fits"), new byte[10]);
        assumeTrue(OwnedFiles.give(target, 65534), "only root may give files away");
        Files.setAttribute(shared, "unix:mode", 01777);

        try (Recording recording = Recording.open(scratch.directory())) {
            ExtractResult result = recording.stream("cam").extractTime(Long.MIN_VALUE, Long.MAX_VALUE, target);

            assertTrue(result.remarks().stream().anyMatch(remark -> remark.contains("belonged to ")), result::toString);
        }
    }

    @Test
    void shouldOpenFewFilesOfALongRecording() throws IOException {
        Shape frame = Shape.of(480, 640);
        int perFile = 1700;
        long bytes = 0;
        for (int i = 0; i < 100; i++) { // 100 GB, nearly all of it holes
            bytes += SparseChunk.write(
                    scratch.directory(),
                    "cam",
                    frame,
                    perFile,
                    1 + (long) i * perFile,
                    START_NS + (long) i * perFile * PERIOD_NS,
                    PERIOD_NS);
        }
        assertTrue(bytes > 100e9, "premise: " + bytes + " bytes");
        Path target = scratch.directory().resolve("part.fits");

        try (Recording recording = Recording.open(scratch.directory())) {
            RecordedStream cam = recording.stream("cam");
            long fromNs = START_NS + 99_990 * PERIOD_NS;
            assertEquals(
                    20, cam.extractTime(fromNs, fromNs + 20 * PERIOD_NS, target).frames());
            assertTrue(cam.openings() <= 4, () -> cam.openings() + " files");
        }
        assertCounts(target);
        try (Recording recording = Recording.open(scratch.directory())) {
            RecordedStream cam = recording.stream("cam");
            assertEquals(170_000, cam.frames());
            cam.extract(99_990, 100_010, target);
            assertTrue(cam.openings() <= 2, () -> cam.openings() + " files");
        }
        assertCounts(target);
    }

    private static void assertCounts(Path extract) {
        try (Recording part = Recording.open(extract)) {
            RecordedStream cam = part.streams().getFirst();
            assertEquals(20, cam.frames());
            assertEquals(99_991, cam.frame(0).count());
            assertEquals(100_010, cam.frame(19).count());
        }
    }

    @Test
    void shouldReportAFileWithFewerRowsThanFrames() throws IOException {
        RecordingFixture.write(scratch.directory(), "cam", 20, 10, PERIOD_NS);
        Path file = scratch.directory().resolve(new ChunkName("cam", START_NS + 1000, ChunkName.PLAIN).toString());
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        String rows = "NAXIS2  =                   10 / rows";
        assertTrue(text.contains(rows), "premise");
        Files.writeString(file, text.replace(rows, rows.replace("10", " 9")), StandardCharsets.ISO_8859_1);

        try (Recording recording = Recording.open(scratch.directory())) {
            RecordedStream cam = recording.stream("cam");
            assertEquals(20, cam.frames());
            assertEquals(11, cam.frame(10).count());
            assertThrows(IncompatibleException.class, () -> cam.frame(9));
        }
    }

    @Test
    void shouldReportWhatIsNotARecording() {
        assertThrows(IncompatibleException.class, () -> Recording.open(scratch.directory()));
        assertThrows(
                NotFoundException.class,
                () -> Recording.open(scratch.directory().resolve("absent")));
        RecordingFixture.write(scratch.directory(), "cam", 1, 1, PERIOD_NS);
        try (Recording recording = Recording.open(scratch.directory())) {
            assertThrows(NotFoundException.class, () -> recording.stream("dm"));
        }
    }
}
