package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.PacketWriter;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.convert.FrameSum;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/**
 * Frames are exchanged with DAO's own library, if the environment variable {@code SHMRT_DAO_REAL} names a directory
 * with the programs of {@code src/test/resources/c/dao_real.c}. Their frames are printed as {@code CNT0 HEX}. The tests
 * of packets, quiet writes and sums are skipped if their programs do not exist. {@code SHMRT_DAO_REAL_LAYOUT} names the
 * layout of a library that does not use FIFO.
 */
@Timeout(600)
class DaoRealTest {
    private static final String VARIABLE = "SHMRT_DAO_REAL";
    private static final String LAYOUT = System.getenv("SHMRT_DAO_REAL_LAYOUT");
    private static final long SECOND = 1_000_000_000L;
    private static final HexFormat HEX = HexFormat.of();

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private Path path;

    @BeforeAll
    static void findPrograms() {
        String directory = System.getenv(VARIABLE);
        Assumptions.assumeTrue(
                directory != null && Files.isExecutable(Path.of(directory, "real_create")),
                VARIABLE + " does not name a directory with programs of DAO's own library");
    }

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
        Assumptions.assumeTrue(
                path.toString().length() < 80, "the path of the temporary directory is too long for DAO");
    }

    private static ChildProcess start(String program, Object... words) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getenv(VARIABLE), program).toString()));
        for (Object word : words) {
            command.add(word.toString());
        }
        return ChildProcess.start(command);
    }

    /** Returns the last line of a program; the library itself prints others before. */
    private static String run(String program, Object... words) {
        try (ChildProcess child = start(program, words)) {
            List<String> output = child.finish();
            return output.isEmpty() ? "" : output.getLast();
        }
    }

    static Stream<DataType> types() {
        return Arrays.stream(DataType.values()).filter(type -> DaoTypes.code(type) > 0);
    }

    private static byte[] counting(DataType type, int from) {
        byte[] frame = new byte[6 * type.itemBytes()];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) (from + i);
        }
        return frame;
    }

    private static String hex(MemorySegment frame) {
        return HEX.formatHex(frame.toArray(ValueLayout.JAVA_BYTE));
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldBeReadByTheRealLibrary(DataType type) {
        byte[] frame = counting(type, 1);
        StreamSpec spec = StreamSpec.dao(type, Shape.of(3, 2))
                .withVariant(LAYOUT)
                .withDepth(3)
                .withKeywords(2);
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            for (int count = 1; count <= 4; count++) {
                writer.write(MemorySegment.ofArray(counting(type, 5 - count)));
            }
        }

        assertEquals("4 " + HEX.formatHex(frame), run("real_read", path));
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldReadAndWriteAStreamOfTheRealLibrary(DataType type) {
        byte[] first = counting(type, 1);
        byte[] second = counting(type, 7);
        run("real_create", path, DaoTypes.code(type), "3,2", 2, 1, HEX.formatHex(first));
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(type, stream.type());
            assertEquals(Shape.of(3, 2), stream.shape());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(1, reader.count());
            assertEquals(HEX.formatHex(first), hex(reader.frame()));

            assertEquals(2, writer.write(MemorySegment.ofArray(second)));
        }

        assertEquals("2 " + HEX.formatHex(second), run("real_read", path));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldWriteAlternatelyWithTheRealLibrary(int depth) {
        run("real_create", path, DaoTypes.code(DataType.UINT8), "2,2", depth, 0);
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            for (int count = 1; count <= 12; count += 2) {
                assertEquals(count, writer.write(MemorySegment.ofArray(new byte[] {1, 1, 1, (byte) count})));
                run("real_write", path, "0202020%x".formatted(count), 1);

                assertTrue(reader.awaitNext(SECOND).hasFrame());
                assertEquals(Verdict.FRESH, reader.newest());
                assertEquals(count + 1, reader.count());
                assertEquals("0202020%x".formatted(count), hex(reader.frame()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9})
    void shouldWakeTheRealLibrary(int semaphore) {
        try (ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)).withVariant(LAYOUT));
                FrameWriter writer = stream.writer();
                ChildProcess real = start("real_wait", path, semaphore, 30, 2)) {
            real.lineWith("ready");

            writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
            assertEquals("1 01020304", real.line());

            writer.write(MemorySegment.ofArray(new byte[] {5, 6, 7, 8}));
            assertEquals("2 05060708", real.line());
        }
    }

    @Test
    void shouldBeWokenByTheRealLibrary() {
        run("real_create", path, DaoTypes.code(DataType.UINT8), "2,2", 8, 0);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess real = start("real_write", path, "0a0b0c0d", 5, 20_000)) {
            for (int count = 1; count <= 5; count++) {
                assertEquals(Verdict.FRESH, reader.awaitNext(30 * SECOND));
                assertEquals(count, reader.count());
                assertEquals("0a0b0c0d", hex(reader.frame()));
            }
            real.finish();
        }
    }

    @Test
    void shouldReportAStreamThatTheRealLibraryRecreated() {
        run("real_create", path, DaoTypes.code(DataType.UINT16), "64,64", 1, 0);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            run("real_create", path, DaoTypes.code(DataType.UINT8), "2,2", 1, 0);

            assertEquals(Verdict.RECREATED, reader.awaitNext(30 * SECOND));
        }
    }

    /** DAO's library derives semaphore names from its path argument, so it gets the file, and ShmRT the link to it. */
    @Test
    void shouldExchangeFramesWithTheRealLibraryThroughALink() throws IOException {
        run("real_create", path, DaoTypes.code(DataType.UINT8), "2,2", 4, 0);
        Path link = Files.createSymbolicLink(scratch.stream("alias"), path);
        try (ImageStream stream = ImageStream.open(link);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess real = start("real_wait", path, 0, 30)) {
            real.lineWith("ready");
            writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
            assertEquals("1 01020304", real.line());
            assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));

            run("real_write", path, "05060708", 1);

            assertEquals(Verdict.FRESH, reader.awaitNext(30 * SECOND));
            assertEquals("05060708", hex(reader.frame()));
            assertEquals("2 05060708", run("real_read", link));
        }
        Files.delete(link);
    }

    private static void assumeProgram(String program) {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of(System.getenv(VARIABLE), program)),
                VARIABLE + " names a directory without the program " + program);
    }

    /** Writes one stream with ShmRT and one with DAO's library, and compares their bytes except names and times. */
    private void assertSameEffect(int depth, ThrowingConsumer<FrameWriter> javaWriter, Consumer<Path> libraryWriter)
            throws Throwable {
        Path other = scratch.stream("real");
        for (Path actual : List.of(path, other)) {
            run(
                    "real_create",
                    actual,
                    DaoTypes.code(DataType.UINT16),
                    "3,2",
                    depth,
                    0,
                    HEX.formatHex(counting(DataType.UINT16, 1)));
        }
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            javaWriter.accept(writer);
        }
        libraryWriter.accept(other);

        byte[] actual = Files.readAllBytes(path);
        byte[] expected = Files.readAllBytes(other);
        int stride = actual.length / depth - 12;
        for (byte[] file : List.of(actual, expected)) {
            for (int header = 0; header < depth * stride; header += stride) {
                Arrays.fill(file, header, header + 80, (byte) 0);
                Arrays.fill(file, header + 112, header + 128, (byte) 0);
                Arrays.fill(file, header + 136, header + 144, (byte) 0);
            }
        }
        assertArrayEquals(expected, actual);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldWriteTheSameBytesAsTheRealLibraryForPackets(int depth) throws Throwable {
        assumeProgram("real_part");
        assertSameEffect(
                depth,
                writer -> {
                    PacketWriter packets = writer.packets();
                    packets.begin(88, 3);
                    packets.write(2, 4, MemorySegment.ofArray(new short[] {5, 6}));
                    packets.write(0, 0, MemorySegment.ofArray(new short[] {1, 2}));
                    packets.finish();
                },
                other -> {
                    run("real_part", other, 2, 3, 4, 88, "05000600");
                    run("real_part", other, 0, 3, 0, 88, "01000200");
                    run("real_finalize", other);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldWriteTheSameBytesAsTheRealLibraryForAQuietWrite(int depth) throws Throwable {
        assumeProgram("real_quiet");
        assertSameEffect(
                depth,
                writer -> writer.writeQuietly(MemorySegment.ofArray(new short[] {1, 2, 3, 4, 5, 6})),
                other -> run("real_quiet", other, "010002000300040005000600"));
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldComputeTheSameSumAsTheRealLibrary(DataType type) {
        assumeProgram("real_combine");
        List<Path> sources = List.of(scratch.stream("a"), scratch.stream("b"), scratch.stream("c"));
        Path other = scratch.stream("real");
        for (int i = 0; i < 3; i++) {
            run(
                    "real_create",
                    sources.get(i),
                    DaoTypes.code(type),
                    "3,2",
                    1 + i,
                    0,
                    HEX.formatHex(counting(type, 60 + 3 * i)));
        }
        run("real_create", path, DaoTypes.code(type), "3,2", 2, 0);
        run("real_create", other, DaoTypes.code(type), "3,2", 2, 0);
        List<ImageStream> open = new ArrayList<>();
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            List<FrameReader> readers = new ArrayList<>();
            for (Path source : sources) {
                open.add(ImageStream.open(source, Access.READ_ONLY));
                readers.add(open.getLast().reader(WaitStrategy.spin()));
            }
            assertEquals(Verdict.FRESH, FrameSum.of(writer, readers).publishNewest(SECOND));
        } finally {
            open.forEach(ImageStream::close);
        }
        run("real_combine", other, sources.get(0), sources.get(1), sources.get(2));

        assertEquals(run("real_read", other), run("real_read", path));
    }
}
