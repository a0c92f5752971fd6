package org.shmrt.stream.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NoSpaceException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.engine.EngineAccess;
import org.shmrt.stream.engine.HeaderWords;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.Golden;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/**
 * Streams converted from others: what is converted, what is reported as dropped, and that failures leave nothing
 * behind.
 */
@Timeout(600)
class StreamConversionTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Shape FRAME = Shape.of(4, 6);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final RampFrames ramp = new RampFrames(FRAME.elementCount());

    /** The contents of a stream, for comparison. */
    private record Contents(
            DataType type,
            Shape shape,
            long cnt0,
            long cnt1,
            long cnt2,
            long acquiredNs,
            byte[] newest,
            List<byte[]> past,
            List<Long> pastTimes,
            List<Keyword> keywords) {
        static Contents of(Path path) {
            try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                byte[] newest = new byte[(int) stream.layout().frameBytes()];
                assertTrue(
                        reader.readNewest(MemorySegment.ofArray(newest), SECOND).hasFrame());
                FrameHistory history = stream.history();
                MemorySegment frames = MemorySegment.ofArray(new byte[(int) history.frameBytes() * history.capacity()]);
                assertEquals(Verdict.FRESH, history.read(frames, SECOND));
                List<byte[]> past = new ArrayList<>();
                List<Long> times = new ArrayList<>();
                for (int i = 0; i < history.length(); i++) {
                    past.add(frames.asSlice(i * history.frameBytes(), history.frameBytes())
                            .toArray(ValueLayout.JAVA_BYTE));
                    times.add(
                            history.acquiredNs(i) == 0
                                    ? 0
                                    : history.acquiredNs(i)
                                            - stream.layout().clock().offsetNs());
                }
                long acquiredNs = reader.acquiredNs() == 0
                        ? 0
                        : reader.acquiredNs() - stream.layout().clock().offsetNs();
                return new Contents(
                        stream.type(),
                        stream.shape(),
                        reader.count(),
                        reader.cnt1(),
                        reader.frameId(),
                        acquiredNs,
                        newest,
                        past,
                        times,
                        stream.keywords());
            }
        }

        void assertSameAs(Contents other) {
            assertEquals(type, other.type);
            assertEquals(shape, other.shape);
            assertEquals(
                    List.of(cnt0, cnt1, cnt2, acquiredNs),
                    List.of(other.cnt0, other.cnt1, other.cnt2, other.acquiredNs));
            assertArrayEquals(newest, other.newest);
            assertEquals(past.size(), other.past.size());
            for (int i = 0; i < past.size(); i++) {
                assertArrayEquals(past.get(i), other.past.get(i));
            }
            assertEquals(pastTimes, other.pastTimes);
            assertEquals(keywords, other.keywords);
        }
    }

    private static String other(String format) {
        return format.equals("dao") ? "milk" : "dao";
    }

    private Path createSource(String name, StreamSpec spec, int frames) {
        Path path = scratch.stream(name);
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            for (long count = 1; count <= frames; count++) {
                writer.frameId(100 + count);
                writer.write(ramp.of(count));
            }
        }
        return path;
    }

    static Stream<Arguments> types() {
        return Arrays.stream(DataType.values())
                .filter(type -> StreamFormats.named("dao").supports(type))
                .flatMap(type -> Stream.of(Arguments.of(type, "dao"), Arguments.of(type, "milk")));
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldConvertEveryTypeInBothDirections(DataType type, String format) {
        Shape shape = Shape.of(2, 3, 5);
        byte[] pixels = new byte[(int) shape.byteSize(type)];
        new Random(7).nextBytes(pixels);
        Path source = scratch.stream("a");
        ImageStream.create(source, StreamSpec.of(format, type, shape).withFirstFrame(MemorySegment.ofArray(pixels)))
                .close();

        ConversionReport report = StreamConversion.of(source, other(format)).run(scratch.stream("b"));
        StreamConversion.of(scratch.stream("b"), format).run(scratch.stream("c"));

        assertEquals(1, report.cnt0());
        assertEquals(1, report.frames());
        assertEquals(other(format), report.layout().format());
        assertArrayEquals(pixels, Contents.of(scratch.stream("b")).newest());
        Contents.of(source).assertSameAs(Contents.of(scratch.stream("b")));
        Contents.of(source).assertSameAs(Contents.of(scratch.stream("c")));
        List<Long> axes = report.layout().axes();
        assertEquals(format.equals("dao") ? List.of(5L, 3L, 2L) : List.of(2L, 3L, 5L), axes);
    }

    @ParameterizedTest
    @CsvSource({
        "dao,0", "dao,1", "dao,3", "dao,4", "dao,5", "dao,11", "milk,0", "milk,1", "milk,3", "milk,4", "milk,5",
        "milk,11"
    })
    void shouldConvertOlderFrames(String format, int frames) throws IOException {
        StreamSpec spec = StreamSpec.of(format, DataType.UINT16, FRAME);
        Path source = createSource("a", format.equals("dao") ? spec.withDepth(4) : spec.withCircularBuffer(4), frames);
        Path there = scratch.stream("b");
        Path back = scratch.stream("c");

        ConversionReport report = StreamConversion.of(source, other(format)).run(there);
        StreamConversion.of(there, format).run(back);

        assertEquals(Math.min(4, frames), report.frames());
        assertEquals(frames, report.cnt0());
        Contents.of(source).assertSameAs(Contents.of(there));
        Contents.of(source).assertSameAs(Contents.of(back));
        assertEquals(
                format.equals("dao") && frames > 1,
                report.dropped().contains("cnt1 and cnt2 of the frames before the newest"));
        StreamLayout layout = StreamInfo.of(back).layout();
        if (format.equals("dao")) {
            assertEquals(4, layout.depth());
            assertEquals(
                    StreamInfo.of(source).status().newestSlot(),
                    StreamInfo.of(back).status().newestSlot());
            assertSameBytes(source, back, layout.dataOffset(), 4 * layout.frameBytes());
        } else {
            assertEquals(4, layout.circular().size());
            assertSameBytes(source, back, layout.circular().indexOffset(), 16);
            assertSameBytes(source, back, layout.circular().dataOffset(), 4 * layout.frameBytes());
        }
    }

    private static void assertSameBytes(Path one, Path two, long offset, long bytes) throws IOException {
        byte[] a = Files.readAllBytes(one);
        byte[] b = Files.readAllBytes(two);
        int end = (int) (offset + bytes);
        assertArrayEquals(Arrays.copyOfRange(a, (int) offset, end), Arrays.copyOfRange(b, (int) offset, end));
    }

    @ParameterizedTest
    @CsvSource({"dao,2", "dao,7", "milk,2", "milk,7"})
    void shouldKeepTheRequestedNumberOfFrames(String format, int kept) {
        StreamSpec spec = StreamSpec.of(format, DataType.UINT16, FRAME);
        Path source = createSource("a", format.equals("dao") ? spec.withDepth(4) : spec.withCircularBuffer(4), 9);
        StreamConversion conversion = StreamConversion.of(source, other(format));

        ConversionReport report = (format.equals("dao")
                        ? conversion.withCircularBuffer(kept)
                        : conversion.withDepth(kept))
                .run(scratch.stream("b"));

        Contents held = Contents.of(scratch.stream("b"));
        assertEquals(Math.min(4, kept), report.frames());
        assertEquals(report.frames(), held.past().size());
        assertTrue(ramp.isWhole(MemorySegment.ofArray(held.past().getFirst()), 9 - report.frames() + 1));
        assertTrue(ramp.isWhole(MemorySegment.ofArray(held.newest()), 9));
        assertEquals(kept < 4, report.dropped().contains("2 of the 4 frames: the new stream keeps 2"));
    }

    @Test
    void shouldNotInventFramesForUnusedSlots() {
        Path source = createSource("a", StreamSpec.dao(DataType.UINT16, FRAME), 9);

        StreamConversion.of(source, "milk").withCircularBuffer(4).run(scratch.stream("b"));

        assertEquals(1, Contents.of(scratch.stream("b")).past().size());
        try (ImageStream stream = ImageStream.open(scratch.stream("b"));
                FrameWriter writer = stream.writer()) {
            assertEquals(10, writer.write(ramp.of(10)));
        }
        assertEquals(2, Contents.of(scratch.stream("b")).past().size());
    }

    @ParameterizedTest
    @CsvSource({"dao", "milk"})
    void shouldYieldAStreamThatCanBeWrittenAndRead(String format) {
        StreamSpec spec = StreamSpec.of(format, DataType.UINT16, FRAME);
        Path source = createSource("a", format.equals("dao") ? spec.withDepth(3) : spec.withCircularBuffer(3), 7);
        StreamConversion.of(source, other(format)).run(scratch.stream("b"));

        try (ImageStream stream = ImageStream.open(scratch.stream("b"));
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            assertEquals(8, writer.write(ramp.of(8)));
            assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
            assertEquals(8, reader.count());
            assertTrue(ramp.isWhole(reader.frame(), 8));
        }
        assertEquals(List.of(), StreamInfo.of(scratch.stream("b")).warnings());
        List<byte[]> past = Contents.of(scratch.stream("b")).past();
        assertEquals(3, past.size());
        assertTrue(ramp.isWhole(MemorySegment.ofArray(past.getFirst()), 6));
    }

    @ParameterizedTest
    @CsvSource({"dao", "milk"})
    void shouldConvertKeywordsOfEveryType(String format) {
        Path source =
                createSource("a", StreamSpec.of(format, DataType.UINT16, FRAME).withKeywords(6), 1);
        List<Keyword> keywords = List.of(
                Keyword.of("nread", Long.MIN_VALUE).withComment("reads"),
                Keyword.of("exptime", Double.NaN),
                Keyword.of("sixteen_bytes_nm", "sixteen-bytes-va"));
        try (ImageStream stream = ImageStream.open(source)) {
            stream.keywordTable().update(keywords);
        }

        ConversionReport report = StreamConversion.of(source, other(format)).run(scratch.stream("b"));
        StreamConversion.of(scratch.stream("b"), format).withKeywords(3).run(scratch.stream("c"));

        assertEquals(3, report.keywords());
        assertEquals(6, report.layout().keywords().count());
        assertEquals(keywords, Contents.of(scratch.stream("b")).keywords());
        assertEquals(keywords, Contents.of(scratch.stream("c")).keywords());
        assertEquals(3, StreamInfo.of(scratch.stream("c")).layout().keywords().count());
        StreamConversion tooFew = StreamConversion.of(source, "dao").withKeywords(2);
        assertThrows(IllegalArgumentException.class, () -> tooFew.run(scratch.stream("d")));
        assertFalse(Files.exists(scratch.stream("d")));
    }

    static Stream<Golden> goldens() {
        return Stream.concat(Golden.of("dao"), Golden.of("milk"));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void shouldConvertGoldenFilesInBothDirections(Golden golden) throws IOException {
        Path source = golden.copyTo(scratch.stream("a"));
        StreamLayout layout = StreamInfo.of(source).layout();
        String format = layout.format();
        if (layout.type() == DataType.FLOAT16) {
            ShmException e = assertThrows(
                    IncompatibleException.class,
                    () -> StreamConversion.of(source, "dao").run(scratch.stream("b")));
            assertTrue(e.getMessage().contains("dao streams have no type"), e.getMessage());
            return;
        }
        byte[] before = Files.readAllBytes(source);

        ConversionReport report = StreamConversion.of(source, other(format)).run(scratch.stream("b"));
        StreamConversion.of(scratch.stream("b"), format).run(scratch.stream("c"));

        assertArrayEquals(before, Files.readAllBytes(source));
        boolean half = report.dropped().stream().anyMatch(loss -> loss.contains("write flag was set"));
        assertEquals(StreamInfo.of(source).status().writing(), half);
        if (half) {
            return;
        }
        Contents was = Contents.of(source);
        Contents is = Contents.of(scratch.stream("c"));
        assertArrayEquals(was.newest(), is.newest());
        assertEquals(
                List.of(was.cnt0(), was.cnt1(), was.cnt2(), was.acquiredNs()),
                List.of(is.cnt0(), is.cnt1(), is.cnt2(), is.acquiredNs()));
        assertEquals(was.keywords(), is.keywords());
        if (layout.cube() == null) {
            assertEquals(was.past().size(), is.past().size());
            for (int i = 0; i < was.past().size(); i++) {
                assertArrayEquals(was.past().get(i), is.past().get(i));
            }
        }
    }

    @Test
    void shouldReportWhatBecomesOfACube() {
        Path source = Golden.named("milk", "circ3d_arrays_float32_7slices").copyTo(scratch.stream("cube"));

        ConversionReport dao = StreamConversion.of(source, "dao").run(scratch.stream("b"));
        ConversionReport milk = StreamConversion.of(source, "milk").run(scratch.stream("c"));

        assertEquals(null, dao.layout().cube());
        assertTrue(dao.dropped().getFirst().startsWith("the order and the times of the slices"));
        assertEquals(5, milk.layout().cube().slices());
        Contents.of(source).assertSameAs(Contents.of(scratch.stream("c")));
    }

    @Test
    void shouldReportVectorsTracesAndSemaphores() {
        Path vector = scratch.stream("v");
        ImageStream.create(vector, StreamSpec.milk(DataType.FLOAT32, Shape.of(7)))
                .close();
        Path traced = Golden.named("milk", "proctrace_2d_uint8").copyTo(scratch.stream("t"));
        Path packets = Golden.named("dao", "part_4packets_final_float32").copyTo(scratch.stream("p"));

        List<String> ofVector =
                StreamConversion.of(vector, "dao").run(scratch.stream("b")).dropped();
        List<String> ofTrace =
                StreamConversion.of(traced, "milk").run(scratch.stream("c")).dropped();
        List<String> ofPackets =
                StreamConversion.of(packets, "milk").run(scratch.stream("d")).dropped();

        assertEquals("the shape 7: a dao stream stores it as 7x1", ofVector.getFirst());
        assertTrue(ofTrace.stream().anyMatch(loss -> loss.startsWith("the process trace")), ofTrace.toString());
        assertTrue(ofPackets.contains("the record of the packets of the newest frame"), ofPackets.toString());
        assertTrue(ofVector.getLast().startsWith("values and reservations of the 10 semaphores"), ofVector.toString());
    }

    /** pyMilk's set_data writes the frame but does not update the circular buffer. */
    @Test
    void shouldNotConvertAnOutdatedCircularBuffer() {
        Path source = createSource("a", StreamSpec.milk(DataType.UINT16, FRAME).withCircularBuffer(3), 5);
        try (ImageStream stream = ImageStream.open(source)) {
            MemorySegment file = EngineAccess.mapped(stream).segment();
            file.asSlice(stream.layout().frameOffset(0), stream.layout().frameBytes())
                    .copyFrom(ramp.of(6));
            HeaderWords.longRelease(file, stream.layout().cnt0Offset(), 6);
        }

        ConversionReport report = StreamConversion.of(source, "dao").run(scratch.stream("b"));

        assertEquals(1, report.frames());
        assertTrue(report.dropped().stream().anyMatch(loss -> loss.contains("a writer has bypassed it")));
        Contents held = Contents.of(scratch.stream("b"));
        assertTrue(ramp.isWhole(MemorySegment.ofArray(held.newest()), 6));
        assertEquals(6, held.cnt0());
        assertEquals(1, held.past().size());
    }

    @ParameterizedTest
    @CsvSource({"dao", "milk"})
    void shouldConvertWholeFramesWhileAWriterRuns(String format) throws Exception {
        StreamSpec spec = StreamSpec.of(format, DataType.UINT16, FRAME);
        Path source = createSource("a", format.equals("dao") ? spec.withDepth(4) : spec.withCircularBuffer(4), 1);
        AtomicBoolean stop = new AtomicBoolean();
        try (ImageStream stream = ImageStream.open(source);
                FrameWriter writer = stream.writer()) {
            FutureTask<Long> writing = new FutureTask<>(() -> {
                long count = 1;
                while (!stop.get()) {
                    count = writer.write(ramp.of(count + 1));
                }
                return count;
            });
            Thread.ofPlatform().daemon().start(writing);
            for (int i = 0; i < 10; i++) {
                StreamConversion.of(source, other(format)).replacingExisting().run(scratch.stream("b"));
                Contents held = Contents.of(scratch.stream("b"));
                for (int k = 0; k < held.past().size(); k++) {
                    long count = held.cnt0() - held.past().size() + 1 + k;
                    assertTrue(ramp.isWhole(MemorySegment.ofArray(held.past().get(k)), count));
                }
                assertTrue(ramp.isWhole(MemorySegment.ofArray(held.newest()), held.cnt0()));
            }
            stop.set(true);
            assertTrue(writing.get() > 1);
        }
    }

    @Test
    void shouldLeaveNothingAfterAFailure() throws IOException {
        Path source = createSource("a", StreamSpec.dao(DataType.UINT16, FRAME), 3);
        Path taken = createSource("taken", StreamSpec.dao(DataType.UINT16, FRAME), 1);
        Path junk = Files.writeString(scratch.directory().resolve("junk"), "not a stream");
        Path link = Files.createSymbolicLink(scratch.directory().resolve("link"), source);
        List<String> files = scratch.files();
        List<String> semaphores = scratch.semaphores();
        Path target = scratch.stream("b");
        StreamConversion toMilk = StreamConversion.of(source, "milk");

        assertThrows(AlreadyExistsException.class, () -> toMilk.run(taken));
        assertThrows(
                AlreadyExistsException.class, () -> toMilk.replacingExisting().run(source));
        assertThrows(
                AlreadyExistsException.class, () -> toMilk.replacingExisting().run(link));
        assertThrows(
                IncompatibleException.class,
                () -> StreamConversion.of(junk, "milk").run(target));
        assertThrows(
                NotFoundException.class,
                () -> StreamConversion.of(target, "milk").run(scratch.stream("c")));
        assertThrows(
                NotFoundException.class, () -> toMilk.run(scratch.directory().resolve("no/b.im.shm")));
        assertThrows(
                IllegalArgumentException.class,
                () -> StreamConversion.of(source, "fits").run(target));
        assertThrows(IllegalArgumentException.class, () -> toMilk.withDepth(3).run(target));
        assertThrows(
                IllegalArgumentException.class,
                () -> StreamConversion.of(source, "dao").withCircularBuffer(3).run(target));
        assertThrows(
                IllegalArgumentException.class,
                () -> toMilk.withVariant("no-such").run(target));
        assertThrows(
                NoSpaceException.class,
                () -> toMilk.withCircularBuffer(Integer.MAX_VALUE).run(target));
        assertThrows(
                NoSpaceException.class,
                () -> StreamConversion.of(source, "dao")
                        .withDepth(Integer.MAX_VALUE)
                        .run(target));

        assertEquals(files, scratch.files());
        assertEquals(semaphores, scratch.semaphores());
    }

    @Test
    @Tag("slow")
    void shouldGiveUpOnAFrameThatStaysClaimedAndLeaveNothing() {
        Path source = createSource("a", StreamSpec.dao(DataType.UINT16, FRAME), 3);
        List<String> semaphores = scratch.semaphores();
        try (ImageStream stream = ImageStream.open(source);
                FrameWriter writer = stream.writer()) {
            writer.claim();

            assertThrows(
                    BusyException.class,
                    () -> StreamConversion.of(source, "dao").run(scratch.stream("b")));
        }
        assertFalse(Files.exists(scratch.stream("b")));
        assertEquals(semaphores, scratch.semaphores());
    }
}
