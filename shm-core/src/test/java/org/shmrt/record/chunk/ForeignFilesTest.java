package org.shmrt.record.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.FitsBlock;
import org.shmrt.fits.pixel.ByteSwap;
import org.shmrt.fits.pixel.StoredType;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.record.RecordedStream;
import org.shmrt.record.Recording;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Recordings of daoDAQ and of milk's logger, in the form in which those programs document them. */
@Timeout(600)
class ForeignFilesTest {
    private static final Shape FRAME = Shape.of(5, 8);
    private static final long START_NS = 1_800_000_000_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private final RampFrames ramps = new RampFrames(FRAME.elementCount());

    /** Writes frames from a count on, an HDU for each. */
    private void writeDaq(Path file, int firstCount, int frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StoredType stored = StoredType.of(DataType.UINT16);
        for (int i = 0; i < frames; i++) {
            long count = (long) firstCount + i;
            CardWriter header = new CardWriter();
            header.add(i == 0 ? FitsCard.of("SIMPLE", true, "") : FitsCard.of("XTENSION", "IMAGE", "image extension"));
            header.add(FitsCard.of("BITPIX", 16, ""));
            header.add(FitsCard.of("NAXIS", 2, ""));
            header.add(FitsCard.of("NAXIS1", 8, ""));
            header.add(FitsCard.of("NAXIS2", 5, ""));
            if (i > 0) {
                header.add(FitsCard.of("PCOUNT", 0, ""));
                header.add(FitsCard.of("GCOUNT", 1, ""));
            }
            stored.describe(header);
            header.add(FitsCard.of("ATIME", START_NS + count * 1_000_000, ""));
            header.add(FitsCard.of("CNT0", count, ""));
            header.add(FitsCard.of("CNT1", 2 * count, ""));
            header.add(FitsCard.of("CNT2", 3 * count, ""));
            out.write(header.end());
            MemorySegment pixels = Arena.ofAuto().allocate(80, 8).copyFrom(ramps.of(count));
            ByteSwap.toFile(pixels, 2, stored.flip());
            out.write(pixels.toArray(ValueLayout.JAVA_BYTE));
            FitsBlock.pad(out, 80);
        }
        Files.write(file, out.toByteArray());
    }

    private void assertFrames(RecordedStream stream, int firstCount, int frames) {
        assertEquals(frames, stream.frames());
        assertEquals(DataType.UINT16, stream.type());
        assertEquals(FRAME, stream.shape());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pixels = arena.allocate(stream.frameBytes(), 8);
            for (int i = 0; i < frames; i++) {
                stream.read(i, pixels);
                assertTrue(ramps.isWhole(pixels, firstCount + i), "frame " + i);
                assertEquals(firstCount + i, stream.frame(i).count());
                assertEquals(
                        START_NS + (firstCount + i) * 1_000_000L,
                        stream.frame(i).acquiredNs());
            }
        }
    }

    @Test
    void shouldReadASessionOfDaoDaqWithRollover() throws IOException {
        Path wfs = Files.createDirectory(scratch.directory().resolve("wfs"));
        writeDaq(wfs.resolve("wfs_0.fits"), 1, 4);
        for (int part = 1; part < 12; part++) {
            writeDaq(wfs.resolve("wfs_" + part + ".fits"), 1 + 4 * part, 4);
        }
        writeDaq(scratch.directory().resolve("dm.fits"), 7, 3);
        Files.writeString(scratch.directory().resolve("notes.fits"), "not FITS");

        try (Recording recording = Recording.open(scratch.directory())) {
            assertEquals(2, recording.streams().size());
            RecordedStream frames = recording.stream("wfs");
            assertFrames(frames, 1, 48);
            assertFrames(recording.stream("dm"), 7, 3);
            assertEquals(21, recording.stream("dm").frame(0).frameId());
            assertEquals(20, frames.indexAt(START_NS + 21_000_000));
            frames.extract(10, 20, scratch.directory().resolve("part.fits"));
        }
        try (Recording part = Recording.open(scratch.directory().resolve("part.fits"))) {
            assertFrames(part.streams().getFirst(), 11, 10);
        }
    }

    @Test
    void shouldLeaveOutATruncatedLastFrameOfDaoDaq() throws IOException {
        Path file = scratch.directory().resolve("wfs.fits");
        writeDaq(file, 1, 5);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 2880));

        try (Recording recording = Recording.open(file)) {
            assertFrames(recording.streams().getFirst(), 1, 4);
        }
    }

    @Test
    void shouldReadCubesOfMilksLogger() throws IOException {
        Path directory = Files.createDirectory(scratch.directory().resolve("cam"));
        for (int cube = 0; cube < 2; cube++) {
            int first = 1 + 4 * cube;
            Path file = directory.resolve("cam_12:00:0" + cube + ".000000000.fits");
            FitsFile.writeCube(
                    file, DataType.UINT16, FRAME, 4, index -> ramps.of(first + index), FitsOptions.defaults());
            StringBuilder times = new StringBuilder("# index, main index, since start, logged, acquired, cnt0, cnt1\n");
            for (int i = 0; i < 4; i++) {
                int count = first + i;
                times.append(String.format(
                        Locale.ROOT,
                        "%10d %10d %15.9f 1800000000.%03d500000 1800000000.%03d000000 %10d %10d%n",
                        i,
                        count,
                        i * 0.001,
                        count,
                        count,
                        count,
                        0));
            }
            Files.writeString(directory.resolve("cam_12:00:0" + cube + ".000000000.txt"), times);
        }

        try (Recording recording = Recording.open(scratch.directory())) {
            assertFrames(recording.stream("cam"), 1, 8);
            assertEquals(START_NS + 8_500_000, recording.stream("cam").frame(7).arrivedNs());
        }
        Files.writeString(directory.resolve("cam_12:00:01.000000000.txt"), "0 1 x\n");
        assertThrows(
                IncompatibleException.class, () -> FrameFile.open(directory.resolve("cam_12:00:01.000000000.fits")));
    }

    /** The first words would take the memory of their hundreds of millions of digits. */
    @ParameterizedTest
    @ValueSource(strings = {"1e-400000000", "1e400000000", "1e999999999", "DIGITS", ".5", "1_800", "NaN"})
    void shouldRefuseATimeThatIsNoPlainDecimal(String word) throws IOException {
        Path cube = scratch.directory().resolve("cam_12:00:00.000000000.fits");
        FitsFile.writeCube(cube, DataType.UINT16, FRAME, 1, index -> ramps.of(1 + index), FitsOptions.defaults());
        String time = word.replace("DIGITS", "1".repeat(400));
        Files.writeString(
                scratch.directory().resolve("cam_12:00:00.000000000.txt"), "0 1 0.0 " + time + " 1800000000.5 1 0\n");

        assertThrows(IncompatibleException.class, () -> Recording.open(cube));
    }

    /** Another user may have put anything there: a pipe without a writer, a device without an end, a huge file. */
    @ParameterizedTest
    @ValueSource(strings = {"mkfifo", "ln -s /dev/zero", "truncate -s 8G"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldRefuseTimesThatAreNoSmallFile(String creation) throws Exception {
        Path cube = scratch.directory().resolve("cam_12:00:00.000000000.fits");
        FitsFile.writeCube(cube, DataType.UINT16, FRAME, 4, index -> ramps.of(1 + index), FitsOptions.defaults());
        Path times = scratch.directory().resolve("cam_12:00:00.000000000.txt");
        List<String> command = new ArrayList<>(List.of(creation.split(" ")));
        command.add(times.toString());
        assertEquals(0, new ProcessBuilder(command).start().waitFor());

        IncompatibleException refused = assertThrows(IncompatibleException.class, () -> Recording.open(cube));

        assertTrue(refused.getMessage().contains("cannot read " + times), refused.getMessage());
    }

    /** A pipe without a writer. */
    private Path pipe(String name) throws IOException, InterruptedException {
        Path pipe = scratch.directory().resolve(name);
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        return pipe;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dm.fits",
                "cam.20260101T000000.000000000.fits",
                "cam.20260101T000000.000000000.fits.fz",
                "cam.20260101T000000.000000000.npy"
            })
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldNotWaitForAPipeInPlaceOfAFile(String name) throws Exception {
        Path pipe = pipe(name);

        IncompatibleException refused = assertThrows(IncompatibleException.class, () -> Recording.open(pipe));

        assertTrue(refused.getMessage().contains("it is a pipe or device"), refused.getMessage());
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldLeaveOutAPipeInADirectory() throws Exception {
        writeDaq(scratch.directory().resolve("wfs.fits"), 1, 5);
        pipe("dm.fits");

        try (Recording recording = Recording.open(scratch.directory())) {
            assertEquals(1, recording.streams().size());
            assertFrames(recording.stream("wfs"), 1, 5);
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldNotWaitForAPipeInPlaceOfATable() throws Exception {
        Path file = scratch.directory().resolve("wfs.fits");
        writeDaq(file, 1, 5);
        pipe("wfs.fits.times");

        assertThrows(IncompatibleException.class, () -> Recording.open(file));
    }

    /** With plain and with compressed pixels. */
    @ParameterizedTest
    @ValueSource(strings = {"cube.fits", "cube.fits.fz"})
    void shouldReadACubeWithoutTimes(String name) throws IOException {
        Path file = scratch.directory().resolve(name);
        FitsFile.writeCube(
                file,
                DataType.UINT16,
                FRAME,
                4,
                index -> ramps.of(1 + index),
                name.endsWith("fz") ? FitsOptions.defaults().withCompression() : FitsOptions.defaults());

        try (Recording recording = Recording.open(file);
                Arena arena = Arena.ofConfined()) {
            RecordedStream cube = recording.stream("cube");
            assertTrue(!cube.hasTimes());
            assertEquals(4, cube.frames());
            assertEquals(FRAME, cube.shape());
            MemorySegment pixels = arena.allocate(80, 8);
            for (int i = 0; i < 4; i++) {
                assertEquals(0, cube.frame(i).count());
                cube.read(i, pixels);
                assertTrue(ramps.isWhole(pixels, 1 + i), "frame " + i);
            }
            cube.extract(1, 3, scratch.directory().resolve("part.fits"));
        }
        try (Recording part = Recording.open(scratch.directory().resolve("part.fits"))) {
            assertEquals(2, part.streams().getFirst().frames());
        }
    }

    @Test
    void shouldNotTakeACubeWithoutTimesForARecordingOfADirectory() throws IOException {
        FitsFile.writeCube(
                scratch.directory().resolve("dark.fits"),
                DataType.UINT16,
                FRAME,
                4,
                index -> ramps.of(index),
                FitsOptions.defaults());

        assertThrows(IncompatibleException.class, () -> Recording.open(scratch.directory()));
        writeDaq(scratch.directory().resolve("dm.fits"), 7, 3);
        try (Recording recording = Recording.open(scratch.directory())) {
            assertEquals(
                    List.of("dm"),
                    recording.streams().stream().map(RecordedStream::name).toList());
        }
    }
}
