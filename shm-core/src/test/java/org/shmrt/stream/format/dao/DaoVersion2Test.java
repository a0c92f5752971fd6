package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.PacketWriter;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.convert.StreamConversion;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.format.dao.DaoDescriptor.Variant;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamProblem;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;

/** DAO's layout version 2, against synthetic files and against a peer that follows the same document. */
@Timeout(600)
class DaoVersion2Test {
    private static final String PEER = "dao_peer.py";
    private static final int HEADER_BYTES = 16632;
    private static final int STRAY = 144;
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT8, Shape.of(4, 3));
    private static final StreamSpec SPEC_2 = SPEC.withVariant("v2");

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private static byte[] synthetic(String name) throws IOException {
        try (InputStream in = DaoVersion2Test.class.getResourceAsStream("/golden/dao-v2-synthetic/" + name)) {
            return in.readAllBytes();
        }
    }

    private Path copy(String name) throws IOException {
        return Files.write(scratch.stream("copy"), synthetic(name + ".im.shm"));
    }

    /** The frame of a count in the synthetic files. */
    private static byte[] frame(int count) {
        byte[] frame = new byte[12];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) (16 * count + i);
        }
        return frame;
    }

    /** Clears what differs between two streams of the same frames: name, times and the mark of the order. */
    private static byte[] masked(byte[] file, int depth) {
        for (int slot = 0; slot < depth; slot++) {
            int header = slot * HEADER_BYTES;
            Arrays.fill(file, header + 8, header + 264, (byte) 0);
            Arrays.fill(file, header + 296, header + 312, (byte) 0);
            Arrays.fill(file, header + 320, header + 328, (byte) 0);
            file[header + 361] = 0;
        }
        return file;
    }

    @ParameterizedTest
    @CsvSource({
        "v2_2d_uint8, 4x3, 1, 0",
        "v2_new_1d_uint8, 5, 0, 0",
        "v2_replica_uint8, 4x3, 3, 7",
        "v2_gpu_mirror_uint8, 4x3, 1, 0"
    })
    void shouldReadTheSyntheticFiles(String name, String shape, int count, int keywords) throws IOException {
        Path path = copy(name);
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals("v2", stream.layout().variant());
            assertTrue(stream.layout().storedName().endsWith("/" + name + ".im.shm"));
            assertEquals(Shape.parse(shape), stream.shape());
            assertEquals(16, stream.layout().semaphores().count());
            assertEquals(count, stream.status().cnt0());
            assertEquals(keywords, stream.keywords().size());
            if (count > 0) {
                assertEquals(Verdict.FRESH, reader.newest());
                assertArrayEquals(frame(count), reader.frame().toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    @Test
    void shouldReadTheKeywordsOfASyntheticFile() throws IOException {
        try (ImageStream stream = ImageStream.open(copy("v2_replica_uint8"), Access.READ_ONLY)) {
            assertEquals(
                    List.of(
                            "GAIN",
                            "NET_REPLICA",
                            "NET_SRC_CNT",
                            "NET_SRC_TIME",
                            "NET_AGE_US",
                            "NET_DROPPED",
                            "NET_LINK"),
                    stream.keywords().stream().map(Keyword::name).toList());
            assertEquals(0.5, stream.keywordTable().find("GAIN").orElseThrow().value());
        }
    }

    @Test
    void shouldWriteTheBytesOfASyntheticFile() throws IOException {
        Path path = scratch.stream("same");
        try (ImageStream stream = ImageStream.create(path, SPEC_2);
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(frame(1)));
        }

        assertArrayEquals(masked(synthetic("v2_2d_uint8.im.shm"), 1), masked(Files.readAllBytes(path), 1));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1", "1, 2, 3", "3, 0, 5", "3, 3, 2"})
    void shouldWriteTheBytesThatThePeerWrites(int depth, int keywords, int frames) throws IOException {
        PythonPeer.assumePresent();
        Path path = scratch.stream("ours");
        Path other = scratch.stream("theirs");
        try (ImageStream stream =
                        ImageStream.create(path, SPEC_2.withDepth(depth).withKeywords(keywords));
                FrameWriter writer = stream.writer()) {
            for (int i = 0; i < frames; i++) {
                writer.write(MemorySegment.ofArray(frame(5)));
            }
        }
        PythonPeer.run(
                PEER, "create", other, "uint8", "4,3", "--layout", "v2", "--depth", depth, "--keywords", keywords);
        PythonPeer.run(PEER, "write", other, "505152535455565758595a5b", "--count", frames);

        assertArrayEquals(masked(Files.readAllBytes(other), depth), masked(Files.readAllBytes(path), depth));
    }

    @Test
    void shouldStoreNamesOfUpTo255Bytes() throws IOException {
        Path directory = Files.createDirectories(scratch.directory().resolve("d".repeat(100)));
        Path path = directory.resolve(scratch.stream("long").getFileName());
        try (ImageStream stream = ImageStream.create(path, SPEC_2)) {
            assertEquals(path.toString(), stream.layout().storedName());
            assertEquals(Optional.empty(), stream.creationWarning());
        }
        byte[] header = Files.readAllBytes(path);
        assertEquals(path.toString(), new String(header, 8, path.toString().length(), StandardCharsets.UTF_8));
        ImageStream.remove(path);
    }

    @Test
    void shouldReportAProgramOfAnOlderVersionThatOpenedTheStream() throws IOException {
        Path path = scratch.stream("stray");
        ImageStream.create(path, SPEC_2).close();
        byte[] bytes = Files.readAllBytes(path);
        bytes[STRAY] = 1;
        Files.write(path, bytes);

        StreamInfo info = StreamInfo.of(path);

        assertEquals(path.toString(), info.layout().storedName());
        assertEquals(1, info.warnings().size(), info.warnings().toString());
        assertTrue(info.warnings().getFirst().contains("before layout version 2 opened the stream"));
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            assertEquals(1, writer.write(MemorySegment.ofArray(frame(1))));
        }
        assertEquals(1, Files.readAllBytes(path)[STRAY], "the byte is not ShmRT's to change");
    }

    @ParameterizedTest
    @CsvSource({"136, 0", "137, 1", "200, 1"})
    void shouldShowANameWithAStrayByte(int length, int replaced) throws IOException {
        Path path = scratch.stream("stray");
        ImageStream.create(path, SPEC_2).close();
        byte[] bytes = Files.readAllBytes(path);
        Arrays.fill(bytes, 8, 264, (byte) 0);
        Arrays.fill(bytes, 8, 8 + length, (byte) 'n');
        bytes[STRAY] = 1;
        Files.write(path, bytes);

        String name = StreamInfo.of(path).layout().storedName();

        boolean isEnd = length == 137;
        assertEquals(isEnd ? 136 : length, name.length());
        assertEquals(replaced == 1 && !isEnd, name.contains("?"));
        assertFalse(name.contains("\u0001"));
    }

    @Test
    void shouldNotOpenAStreamThatIsNotComplete() throws IOException {
        Path path = scratch.stream("early");
        ImageStream.create(path, SPEC_2).close();
        byte[] valid = Files.readAllBytes(path);
        byte[] early = valid.clone();
        early[332] = 0;
        Files.write(path, early);

        IncompatibleException refusal =
                assertThrows(IncompatibleException.class, () -> ImageStream.open(path, Access.READ_ONLY));

        assertTrue(refusal.getMessage().contains("number of semaphores (offset 332) is 0"), refusal.getMessage());
        Files.write(path, valid);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 12, 20})
    void shouldUseAsManySemaphoresAsAreStored(int count) throws IOException {
        Path path = scratch.stream("count");
        ImageStream.create(path, SPEC_2).close();
        scratch.semaphores().forEach(Semaphore::unlink);
        byte[] bytes = Files.readAllBytes(path);
        bytes[332] = (byte) count;
        Files.write(path, bytes);

        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(frame(1)));
            assertEquals(count == 10 ? 8 : count - 1, reader.semaphoreIndex());
        }

        assertEquals(count + 1, scratch.semaphores().size());
        StreamInfo.of(path).semaphores().forEach(state -> assertEquals(1, state.value()));
    }

    @Test
    void shouldAcceptPacketIdsOfTheWholeTable() {
        Path path = scratch.stream("packets");
        try (ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT8, Shape.of(2024, 1)).withVariant("2"));
                FrameWriter writer = stream.writer()) {
            PacketWriter packets = writer.packets();
            packets.begin(7, 2024);
            packets.write(2023, 2023, MemorySegment.ofArray(new byte[] {5}));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> packets.write(2024, 0, MemorySegment.ofArray(new byte[] {5})));
            packets.finish();

            assertEquals(2023, stream.newestPackets().orElseThrow().missing().size());
        }
        assertEquals(List.of(), StreamInfo.of(path).warnings());
    }

    @ParameterizedTest
    @CsvSource({"fifo, v2", "v2, fifo", "v2, wide", "wide, 2"})
    void shouldConvertFromAndToOtherLayouts(String from, String to) {
        Path source = scratch.stream("from");
        Path target = scratch.stream("to");
        try (ImageStream stream = ImageStream.create(
                        source, SPEC.withVariant(from).withDepth(3).withKeywords(2));
                FrameWriter writer = stream.writer()) {
            stream.keywordTable().set(Keyword.of("gain", 0.25));
            for (int count = 1; count <= 5; count++) {
                writer.write(MemorySegment.ofArray(frame(count)));
            }
        }

        StreamConversion.of(source, "dao").withVariant(to).run(target);

        try (ImageStream stream = ImageStream.open(target);
                FrameReader reader = stream.reader(WaitStrategy.spin());
                FrameWriter writer = stream.writer()) {
            assertEquals(to.equals("2") ? "v2" : to, stream.layout().variant());
            assertEquals(List.of(Keyword.of("gain", 0.25)), stream.keywords());
            Set<Long> counts = new TreeSet<>();
            for (int slot = 0; slot < 3; slot++) {
                assertEquals(Verdict.FRESH, reader.takeSlot(slot));
                assertArrayEquals(frame((int) reader.count()), reader.frame().toArray(ValueLayout.JAVA_BYTE));
                counts.add(reader.count());
            }
            assertEquals(Set.of(3L, 4L, 5L), counts);
            assertEquals(6, writer.write(MemorySegment.ofArray(frame(6))));
        }
    }

    @Test
    void shouldConvertFromAndToMilk() {
        Path source = scratch.stream("from");
        Path milk = scratch.stream("milk");
        Path target = scratch.stream("to");
        try (ImageStream stream = ImageStream.create(source, SPEC_2);
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(frame(1)));
        }

        StreamConversion.of(source, "milk").run(milk);
        StreamConversion.of(milk, "dao").withVariant("v2").run(target);

        try (ImageStream stream = ImageStream.open(target, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals("v2", stream.layout().variant());
            assertEquals(Verdict.FRESH, reader.newest());
            assertArrayEquals(frame(1), reader.frame().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void shouldReportSemaphoresSharedWithAStreamThatHasFewer() throws IOException {
        Path first = scratch.stream("cam");
        Path second = Path.of(first.toString().replace(".im.shm", ".two.im.shm"));
        ImageStream.create(first, SPEC).close();
        try (ImageStream two = ImageStream.create(second, SPEC_2)) {
            String warning = two.creationWarning().orElseThrow();
            assertTrue(warning.contains(first + " has semaphores of the same names, 10 instead of 16"), warning);
        }

        StreamInfo info = StreamInfo.of(first);

        assertEquals(
                List.of(StreamProblem.Kind.SHARED_SEMAPHORES),
                info.problems().stream().map(StreamProblem::kind).toList());
        assertFalse(info.warnings().getFirst().contains("remove /dev/shm"), "they belong to the other stream");
        assertEquals(List.of(), StreamInfo.of(second).warnings());

        assertTrue(ImageStream.remove(second).isPresent());

        assertEquals(11, scratch.semaphores().size(), "those of the remaining stream");
        assertEquals(List.of(), StreamInfo.of(first).warnings());
    }

    @Test
    void shouldKeepTheSemaphoresOfAStreamThatHasMore() {
        Path first = scratch.stream("cam");
        Path second = Path.of(first.toString().replace(".im.shm", ".two.im.shm"));
        ImageStream.create(second, SPEC_2).close();
        try (ImageStream one = ImageStream.create(first, SPEC)) {
            assertTrue(one.creationWarning().orElseThrow().contains("16 instead of 10"));
        }
        assertEquals(11, scratch.semaphores().size(), "as in DAO, whose programs would use those beyond");
        ImageStream.open(second).close();
        assertEquals(17, scratch.semaphores().size(), "opening a stream creates what it lacks");

        assertTrue(ImageStream.remove(first).isPresent());

        assertEquals(17, scratch.semaphores().size());
        ImageStream.remove(second);
        assertEquals(List.of(), scratch.semaphores());
    }

    @Test
    void shouldRemoveSemaphoresThatAStreamOfAnOlderLayoutDoesNotHaveWhenItReplacesOne() {
        Path path = scratch.stream("cam");
        ImageStream.create(path, SPEC_2).close();
        assertEquals(17, scratch.semaphores().size());

        ImageStream.create(path, SPEC.replacingExisting()).close();

        assertEquals(11, scratch.semaphores().size());
    }

    @Test
    void shouldCreateTheLayoutThatMostProgramsReadByDefault() {
        assertEquals(Variant.FIFO, DaoLayoutChoice.of(SPEC, Optional.empty()));
        assertEquals(Variant.FIFO, DaoLayoutChoice.of(SPEC, Optional.of("")));
    }

    @Test
    void shouldCreateTheLayoutOfTheEnvironmentUnlessOneIsGiven() {
        assertEquals(Variant.VERSION_2, DaoLayoutChoice.of(SPEC, Optional.of("2")));
        assertEquals(Variant.VERSION_2, DaoLayoutChoice.of(SPEC, Optional.of("v2")));
        assertEquals(Variant.WIDE, DaoLayoutChoice.of(SPEC, Optional.of("wide")));
        assertEquals(Variant.FIFO, DaoLayoutChoice.of(SPEC.withVariant("fifo"), Optional.of("2")));
        assertEquals(Variant.VERSION_2, DaoLayoutChoice.of(SPEC.withVariant("2"), Optional.of("fifo")));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> DaoLayoutChoice.of(SPEC, Optional.of("3")))
                .getMessage()
                .contains("'3', which SHMRT_DAO_LAYOUT names,"));
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> DaoLayoutChoice.of(SPEC.withDepth(2), Optional.of("pre-fifo")))
                .getMessage()
                .contains("which SHMRT_DAO_LAYOUT names, keep one frame"));
    }
}
