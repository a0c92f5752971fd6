package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.convert.StreamConversion;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.Golden;
import org.shmrt.testing.OlderMilkFile;
import org.shmrt.testing.Scratch;

/**
 * Files of ImageStreamIO before 2.00 and of xaosim are described, read and converted, and never written. The files are
 * made here from the documented offsets: three rows of five floats, with two keywords.
 */
@Timeout(600)
class OlderVersionTest {
    private static final Shape SHAPE = Shape.of(3, 5);
    private static final int FRAME_BYTES = OlderMilkFile.FRAME_BYTES;
    private static final long CNT0 = OlderMilkFile.CNT0;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path write(byte[] bytes) throws IOException {
        return Files.write(scratch.stream("cam"), bytes);
    }

    private static float[] pixels(MemorySegment frame) {
        float[] pixels = new float[15];
        frame.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(pixels);
        return pixels;
    }

    private static float[] expected() {
        float[] pixels = new float[15];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i + 0.5f;
        }
        return pixels;
    }

    @ParameterizedTest
    @EnumSource
    void shouldDescribeTheStreamAndNameItsVersion(OlderMilkFile file) throws IOException {
        Path path = write(file.bytes());

        StreamInfo info = StreamInfo.of(path);

        assertEquals("milk", info.layout().format());
        assertEquals(file.variant(), info.layout().variant());
        assertEquals(SHAPE, info.layout().shape());
        assertEquals(DataType.FLOAT32, info.layout().type());
        assertEquals(
                file == OlderMilkFile.XAOSIM ? "/dev/shm/cam.im.shm" : "cam",
                info.layout().storedName());
        assertEquals(CNT0, info.status().cnt0());
        assertEquals(77, info.status().cnt2());
        assertEquals(
                file == OlderMilkFile.XAOSIM ? 0 : OlderMilkFile.ACQUIRED_S * 1_000_000_000L + 5,
                info.status().acquiredNs());
        assertEquals(
                List.of(Keyword.of("gain", 7).withComment("of the camera"), Keyword.of("texp", 0.25)), info.keywords());
        String version = file == OlderMilkFile.XAOSIM ? "xaosim" : "ImageStreamIO " + file.version();
        String warning = info.warnings().getLast();
        assertTrue(
                warning.startsWith("can only be read: it has the layout of " + version + ", another version"), warning);
        assertEquals(info.warnings(), StreamInspector.now().summary(path).warnings());
        assertEquals(List.of(path), StreamDirectory.list(scratch.directory()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadFramesWithoutChangingTheFile(OlderMilkFile file) throws IOException {
        byte[] before = file.bytes();
        Path path = write(before);
        MemorySegment copy = MemorySegment.ofArray(new byte[FRAME_BYTES]);
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(Verdict.FRESH, reader.readNewest(copy, 0));
            assertEquals(CNT0, reader.count());
            assertFalse(reader.isStrict());
            assertArrayEquals(expected(), pixels(copy));
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(1_000_000L));

            // its own writer publishes the next frame
            byte[] next = before.clone();
            ByteBuffer.wrap(next)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(file.cnt0Offset(), CNT0 + 1)
                    .putFloat(file.headerBytes(), -1f);
            overwrite(path, next);

            assertEquals(Verdict.FRESH, reader.awaitNext(Long.MAX_VALUE));
            assertEquals(CNT0 + 1, reader.count());
            assertEquals(-1f, pixels(reader.frame())[0]);
            assertTrue(reader.validate());
            overwrite(path, before);
        }
        assertArrayEquals(before, Files.readAllBytes(path));
        assertEquals(List.of(), scratch.semaphores());
    }

    /** In place, because a reader notices another file or size. */
    private static void overwrite(Path path, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseToWriteAndSayWhy(OlderMilkFile file) throws IOException {
        Path path = write(file.bytes());

        IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> ImageStream.open(path));

        assertTrue(
                refusal.getMessage().contains("can only be opened read-only: it has the layout of"),
                refusal.getMessage());
        assertTrue(refusal.getMessage().contains("shm convert"), refusal.getMessage());
        assertArrayEquals(file.bytes(), Files.readAllBytes(path));
    }

    @ParameterizedTest
    @CsvSource({"XAOSIM, milk", "V0_0_01, dao", "V1_0, milk", "V1_03, milk", "V1_03, dao", "V1_05, milk"})
    void shouldConvertToAStreamThatCanBeWritten(OlderMilkFile file, String format) throws IOException {
        Path path = write(file.bytes());
        Path copy = scratch.stream("copy");

        StreamConversion.of(path, format).run(copy);

        try (ImageStream stream = ImageStream.open(copy);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(CNT0, reader.count());
            assertArrayEquals(expected(), pixels(reader.frame()));
            assertEquals(2, stream.keywords().size());
            assertEquals(
                    Keyword.of("gain", 7).withComment("of the camera"),
                    stream.keywords().getFirst());
        }
        assertArrayEquals(file.bytes(), Files.readAllBytes(path));
    }

    @Test
    void shouldTakeTheLengthOfAOneDimensionalStreamOfXaosimFromItsElementCount() throws IOException {
        byte[] bytes = OlderMilkFile.XAOSIM.bytes();
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(112, (byte) 1)
                .putInt(116, 0)
                .putInt(120, 0);

        assertEquals(Shape.of(15), StreamInfo.of(write(bytes)).layout().shape());
    }

    @Test
    void shouldRefuseToReadPixelsInTheMemoryOfAGpu() throws IOException {
        byte[] bytes = OlderMilkFile.V1_03.bytes();
        bytes[240] = 1;
        Path path = write(bytes);

        IncompatibleException refusal =
                assertThrows(IncompatibleException.class, () -> ImageStream.open(path, Access.READ_ONLY));

        assertTrue(refusal.getMessage().contains("memory of GPU 1"), refusal.getMessage());
        assertEquals(CNT0, StreamInfo.of(path).status().cnt0());
    }

    @Test
    void shouldRemoveTheFile() throws IOException {
        Path path = write(OlderMilkFile.V1_03.bytes());

        assertEquals(Optional.empty(), ImageStream.remove(path));

        assertFalse(Files.exists(path));
    }

    /** The layout is that of 2.00. */
    @Test
    void shouldWriteVersion201AndReportWhoRejectsIt() throws IOException {
        byte[] bytes = Golden.named("milk", "c_2d_never_updated_uint16").bytes();
        bytes[3] = '1';
        Path path = write(bytes);
        try (ImageStream stream = ImageStream.open(path)) {
            stream.writer().close();
        }
        assertTrue(StreamInfo.of(path).warnings().getFirst().contains("2.01: programs built with ImageStreamIO 2.00"));
    }

    @ParameterizedTest
    @CsvSource({"3.00", "2.1", "1.06", "0.1.2"})
    void shouldCallAnUnknownVersionAnotherVersionAndNotDamaged(String version) throws IOException {
        byte[] bytes = OlderMilkFile.V1_05.bytes();
        Arrays.fill(bytes, 0, 32, (byte) 0);
        System.arraycopy(version.getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, version.length());
        Path path = write(bytes);

        String refusal = assertThrows(IncompatibleException.class, () -> ImageStream.open(path))
                .getMessage();

        assertTrue(refusal.startsWith(path + " is a milk stream of a version that ShmRT cannot read: "), refusal);
        assertTrue(refusal.contains("'" + version + "'"), refusal);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameWhatIsWrongInATruncatedFile(OlderMilkFile file) throws IOException {
        byte[] bytes = Arrays.copyOf(file.bytes(), file.headerBytes() + FRAME_BYTES + 2 * file.keywordBytes() - 1);
        Path path = write(bytes);

        String refusal = assertThrows(IncompatibleException.class, () -> ImageStream.open(path, Access.READ_ONLY))
                .getMessage();

        assertTrue(refusal.startsWith(path + " is a damaged milk stream: its version (offset 0) is "), refusal);
        assertTrue(refusal.contains("its size is " + bytes.length + " bytes"), refusal);
    }

    @ParameterizedTest
    @EnumSource
    void shouldSurviveAnyDamage(OlderMilkFile file) throws IOException {
        Random random = new Random(file.ordinal());
        Path path = scratch.stream("damaged");
        for (int round = 0; round < 200; round++) {
            byte[] damaged = file.bytes();
            for (int i = 0; i <= random.nextInt(3); i++) {
                damaged[32 + random.nextInt(file.headerBytes() - 32)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : -1);
            }
            boolean cut = random.nextInt(10) == 0;
            Files.write(path, cut ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged);
            MalformedMilkTest.read(path);
        }
        assertEquals(List.of(), scratch.stillOpen());
    }
}
