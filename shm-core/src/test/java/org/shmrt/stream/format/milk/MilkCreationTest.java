package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.FileId;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.StreamChild;

/**
 * Files created by ShmRT have the same bytes as those of milk's library, except for the fields that the comparison
 * skips.
 */
@Timeout(600)
class MilkCreationTest {
    private static final StreamSpec SPEC = StreamSpec.milk(DataType.UINT8, Shape.of(3, 4));
    private static final int OWN_PID = (int) ProcessHandle.current().pid();

    /** Files that ShmRT does not create: other numbers of semaphores, other image types, and fields set by hand. */
    private static final List<String> NOT_CREATED = List.of(
            "sem0_2d_uint8",
            "sem3_2d_uint8",
            "math_spatial_2d_uint8",
            "circ3d_notemporal_float32_3slices",
            "write1_2d_uint8",
            "proctrace_2d_uint8");

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    static Stream<Golden> created() {
        return Golden.of("milk").filter(golden -> !NOT_CREATED.contains(golden.name()));
    }

    private static StreamSpec spec(Golden golden) {
        List<Long> lengths = new ArrayList<>(golden.numbers("axes_c"));
        Collections.reverse(lengths);
        StreamSpec spec = StreamSpec.milk(
                        golden.type(),
                        Shape.of(lengths.stream().mapToLong(n -> n).toArray()))
                .withKeywords((int) golden.number("metadata", "NBkw"))
                .withCircularBuffer((int) golden.number("metadata", "CBsize"));
        spec = golden.name().contains("writehistory") ? spec.withVariant("2.00-writehistory") : spec;
        return golden.number("metadata", "imagetype") == MilkDescriptor.CUBE ? spec.asRollingCube() : spec;
    }

    /** Creates the stream of a golden file and publishes the same frames. */
    private Path make(Golden golden) {
        Path path = scratch.directory().resolve(golden.name() + ".im.shm");
        long frames = golden.number("metadata", "cnt0");
        try (ImageStream stream = ImageStream.create(path, spec(golden));
                FrameWriter writer = stream.writer()) {
            StreamLayout layout = stream.layout();
            MemorySegment last =
                    MemorySegment.ofArray(golden.bytes()).asSlice(layout.dataOffset(), layout.frameBytes());
            for (int frame = 1; frame <= frames; frame++) {
                if (layout.cube() != null) {
                    long bytes = layout.cube().sliceBytes();
                    writer.writeSlice(last.asSlice(frame % layout.cube().slices() * bytes, bytes));
                } else {
                    writer.write(layout.circular() == null ? last : rampFrame(frame));
                }
            }
        }
        return path;
    }

    /** Frame k of the files with a circular buffer: twelve floats 1000 k + i. */
    private static MemorySegment rampFrame(int frame) {
        float[] elements = new float[12];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = 1000 * frame + i;
        }
        return MemorySegment.ofArray(elements);
    }

    @ParameterizedTest
    @MethodSource("created")
    void shouldCreateTheSameBytesAsTheLibrary(Golden golden) throws IOException {
        Path path = make(golden);
        StreamLayout layout;
        try (ImageStream stream = ImageStream.open(path)) {
            layout = stream.layout();
        }
        byte[] expected = golden.bytes();
        byte[] actual = Files.readAllBytes(path);

        assertPids(layout, actual);
        boolean byPyMilk = golden.name().startsWith("py_");
        for (byte[] file : new byte[][] {expected, actual}) {
            clear(file, MilkDescriptor.CREATION_TIME, 64); // the four times
            clear(file, MilkDescriptor.CREATOR_PID, Integer.BYTES);
            clear(file, MilkDescriptor.INODE, Long.BYTES);
            clear(file, byPyMilk ? MilkDescriptor.CNT1 : 0, byPyMilk ? Long.BYTES : 0); // pyMilk counts frames there
            clear(file, layout.semaphores().logOffset() + Long.BYTES, Integer.BYTES); // ShmRT's is process-shared
            clear(
                    file,
                    layout.semaphores().writerPidOffset(),
                    Integer.BYTES * layout.semaphores().count());
            clear(file, layout.keywords().offset(), keywordBytes(golden, layout));
            clearRecords(file, layout);
        }
        assertEquals(List.of(), differences(expected, actual));
    }

    /** Keywords are compared if they are unused. */
    private static int keywordBytes(Golden golden, StreamLayout layout) {
        boolean used = golden.keywords().stream()
                .anyMatch(keyword -> !keyword.get("name").getAsString().isEmpty());
        return used ? layout.keywords().count() * MilkDescriptor.KEYWORD_BYTES : 0;
    }

    private static void clear(byte[] file, long from, int bytes) {
        Arrays.fill(file, (int) from, (int) from + bytes, (byte) 0);
    }

    /** Fields that the library leaves empty, or that hold times and pids. */
    private static void clearRecords(byte[] file, StreamLayout layout) {
        if (layout.circular() != null) {
            clear(
                    file,
                    layout.circular().recordsOffset(),
                    MilkRecords.CIRCULAR_BYTES * layout.circular().size());
        }
        if (layout.cube() != null) {
            clear(file, layout.cube().acquired().offset(), 40 * layout.cube().slices());
        }
        if (layout.writeHistory() != null) {
            for (int i = 0; i < layout.writeHistory().count(); i++) {
                clear(file, layout.writeHistory().recordsOffset() + (long) i * MilkRecords.WRITE_BYTES + 8, 24);
            }
        }
    }

    /** The groups of 8 bytes that differ, with their offsets. */
    private static List<String> differences(byte[] expected, byte[] actual) {
        assertEquals(expected.length, actual.length);
        List<String> found = new ArrayList<>();
        for (int at = 0; at < actual.length; at += Long.BYTES) {
            int end = Math.min(at + Long.BYTES, actual.length);
            if (!Arrays.equals(expected, at, end, actual, at, end)) {
                found.add(at + ": " + HexFormat.of().formatHex(expected, at, end) + " -> "
                        + HexFormat.of().formatHex(actual, at, end));
            }
        }
        return found;
    }

    private static void assertPids(StreamLayout layout, byte[] file) {
        ByteBuffer words = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int poster = words.getLong(MilkDescriptor.CNT0) == 0 ? -1 : OWN_PID;
        assertEquals(OWN_PID, words.getInt(MilkDescriptor.CREATOR_PID));
        for (int i = 0; i < layout.semaphores().count(); i++) {
            assertEquals(poster, words.getInt((int) layout.semaphores().writerPidOffset() + 4 * i));
        }
    }

    @Test
    void shouldFillTheListsOfACube() throws IOException {
        Golden golden = Golden.named("milk", "circ3d_arrays_float32_7slices");
        Path path = make(golden);
        ByteBuffer expected = ByteBuffer.wrap(golden.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer actual = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        try (ImageStream stream = ImageStream.open(path)) {
            int counts = (int) stream.layout().cube().countOffset();
            int times = (int) stream.layout().cube().acquired().offset();
            for (int slice = 0; slice < 5; slice++) {
                assertEquals(
                        expected.getLong(counts + 8 * slice), actual.getLong(counts + 8 * slice), "slice " + slice);
                assertTrue(actual.getLong(times + 16 * slice) > 1_700_000_000L, "time of slice " + slice);
            }
        }
    }

    @Test
    void shouldStoreTheInodeOfTheFile() throws IOException {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, SPEC)) {
            assertEquals(Files.getAttribute(path, "unix:ino"), stream.status().storedInode());
            assertEquals(FileId.of(path).inode(), stream.status().storedInode());
        }
    }

    @Test
    void shouldStampTimesOfTheAtomicClock() {
        long before = Clocks.taiNs();
        try (ImageStream stream = ImageStream.create(scratch.stream("cam"), SPEC);
                FrameWriter writer = stream.writer()) {
            assertEquals(StreamClock.TAI, stream.layout().clock());
            assertEquals(0, stream.status().writtenNs());
            writer.write(MemorySegment.ofArray(new byte[12]));

            assertTrue(stream.status().createdNs() >= before);
            assertTrue(stream.status().acquiredNs() >= stream.status().createdNs());
            assertTrue(stream.status().writtenNs() <= Clocks.taiNs());
        }
    }

    @Test
    void shouldKeepTheAcquisitionTimeApartFromTheWriteTime() {
        try (ImageStream stream = ImageStream.create(scratch.stream("cam"), SPEC);
                FrameWriter writer = stream.writer()) {
            writer.claim();
            writer.publish(1_700_000_001_123_456_789L);

            assertEquals(1_700_000_001_123_456_789L, stream.status().acquiredNs());
            assertTrue(stream.status().writtenNs() >= stream.status().createdNs());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0077", "0000", "0222"})
    void shouldBeWritableForAllWithAnyUmask(String umask) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"));
        command.addAll(ChildJvm.command(
                ChildJvm.QUICK,
                StreamChild.class,
                "create-milk",
                scratch.stream("usual").toString()));
        try (ChildProcess child = ChildProcess.start(command)) {
            assertEquals(List.of("rw-rw-rw-"), child.finish());
        }
    }

    @Test
    void shouldHaveTheRequestedPermissions() throws IOException {
        Path path = scratch.stream("cam");

        ImageStream.create(path, SPEC.withPermissions(0640)).close();

        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(List.of(), scratch.semaphores());
    }

    @ParameterizedTest
    @ValueSource(ints = {79, 80, 120})
    void shouldShortenTheStoredNameAndWarn(int length) {
        String name = scratch.prefix() + "x".repeat(length - scratch.prefix().length());
        Path path = scratch.directory().resolve(name + ".im.shm");
        try (ImageStream stream = ImageStream.create(path, SPEC)) {
            assertEquals(name.substring(0, 79), stream.layout().storedName());
            if (length <= 79) {
                assertEquals(Optional.empty(), stream.creationWarning());
            } else {
                assertTrue(
                        stream.creationWarning().orElseThrow().contains("79 bytes"),
                        stream.creationWarning()::toString);
            }
        }
        try (ImageStream again = ImageStream.open(path)) {
            assertEquals(Shape.of(3, 4), again.shape());
        }
    }

    @Test
    void shouldTruncateALongNameBetweenCharacters() {
        Path path = scratch.directory().resolve("ä".repeat(60) + ".im.shm");
        try (ImageStream stream = ImageStream.create(path, SPEC)) {
            assertEquals("ä".repeat(39), stream.layout().storedName());
        }
    }

    @Test
    void shouldWarnOfPathsThatTheLibraryRejects() {
        String start = scratch.stream("").toString().replace(".im.shm", "");
        Path path = Path.of(start + "x".repeat(200 - start.length() - 7) + ".im.shm");
        try (ImageStream stream = ImageStream.create(path, SPEC)) {
            assertTrue(
                    stream.creationWarning().orElseThrow().contains("200 bytes or more"),
                    stream.creationWarning()::toString);
        }
    }

    @Test
    void shouldCreateANewFileWhenItReplacesAStream() {
        Path path = scratch.stream("cam");
        try (ImageStream old = ImageStream.create(path, SPEC);
                ImageStream anew = ImageStream.create(path, SPEC.replacingExisting())) {
            assertFalse(old.status().storedInode() == anew.status().storedInode());
            assertEquals(FileId.of(path).inode(), anew.status().storedInode());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BOOL"})
    void shouldRejectTypesThatMilkDoesNotHave(DataType type) {
        assertRefused(StreamSpec.milk(type, Shape.of(3, 4)), type.numpyName());
    }

    @Test
    void shouldRejectSpecificationsThatMilkCannotStore() {
        assertRefused(SPEC.withDepth(4), "circular buffer");
        assertRefused(SPEC.asRollingCube(), "three axes");
        assertRefused(SPEC.withVariant("fifo"), "2.00-dao-compat");
        assertRefused(StreamSpec.milk(DataType.UINT8, Shape.of(1L << 32, 1)), "4294967295");
        assertRefused(
                StreamSpec.milk(DataType.COMPLEX128, Shape.of(1L << 31, 1L << 27))
                        .withCircularBuffer(1 << 30),
                "more bytes than 63 bits");
        assertRefused(
                StreamSpec.milk(DataType.UINT8, Shape.of(Integer.MAX_VALUE + 1L, 1, 1))
                        .asRollingCube(),
                "slices");
        assertThrows(IllegalArgumentException.class, () -> SPEC.withCircularBuffer(-1));
        assertThrows(IllegalArgumentException.class, () -> SPEC.withKeywords(65_536));
    }

    private void assertRefused(StreamSpec spec, String words) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> ImageStream.create(scratch.stream("cam"), spec));
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
        assertEquals(List.of(), scratch.files());
        assertEquals(List.of(), scratch.stillOpen());
    }

    @Test
    void shouldRejectAPathWithoutAName() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> ImageStream.create(scratch.directory().resolve(".im.shm"), SPEC));
        assertTrue(refusal.getMessage().contains("has nothing before .im.shm"), refusal.getMessage());
    }
}
