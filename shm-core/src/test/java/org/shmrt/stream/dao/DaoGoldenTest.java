package org.shmrt.stream.dao;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Keyword;
import org.shmrt.stream.StreamLayout;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** Files of DAO's own programs, of all the generations there have been. */
@Timeout(60)
class DaoGoldenTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    static Stream<Golden> files() {
        return Golden.of("dao");
    }

    @Test
    void shouldHaveAllTheFilesOfTheManifest() {
        assertEquals(40, files().count());
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldSeeTheImageThatTheManifestTells(Golden golden) {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            StreamLayout layout = stream.layout();

            assertEquals("dao", layout.format());
            assertEquals(golden.type(), stream.type());
            assertEquals(golden.numbers("axes_c"), layout.axes());
            assertEquals(Shape.of(golden.numbers("numpy_shape").stream().mapToLong(n -> n).toArray()), stream.shape());
            assertEquals(golden.slots().size(), layout.depth());
            assertEquals(golden.number("layout", "data_offset"), layout.dataOffset());
            assertEquals(golden.number("layout", "file_bytes"), layout.fileBytes());
            assertEquals(golden.text("kind").endsWith("prefifo") ? "pre-fifo" : "fifo", layout.variant());
            if (golden.entry().getAsJsonObject("metadata").has("name")) {
                assertEquals(golden.entry().getAsJsonObject("metadata").get("name").getAsString(),
                        layout.storedName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldSeeTheFramesThatTheManifestTells(Golden golden) {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        boolean stuck = golden.entry().has("stale_write_flag");
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            JsonObject newest = golden.entry().has("newest")
                    ? golden.entry().getAsJsonObject("newest") : golden.slots().getFirst();
            JsonObject newestSlot = golden.slots().get(newest.get("slot").getAsInt());

            assertEquals(newest.get("cnt0").getAsLong(), stream.status().cnt0());
            assertEquals(newest.get("slot").getAsInt(), stream.status().newestSlot());
            assertEquals(stuck, stream.status().writing());
            assertFalse(stream.status().strict());
            assertEquals(stuck ? Verdict.STALE_WRITER : Verdict.FRESH, reader.newest());
            assertEquals(newest.get("cnt0").getAsLong(), reader.count());
            assertEquals(golden.expectedElements(newestSlot), Golden.elements(golden.type(), reader.frame()));
            assertEquals(!stuck, reader.validate());
            assertFalse(reader.isStrict());
            if (newestSlot.has("atime_secondlong_ns")) {
                assertEquals(newestSlot.get("atime_secondlong_ns").getAsLong(), reader.acquiredNs());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldFindEverySlotWhereTheLayoutSays(Golden golden) throws IOException {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        MemorySegment file = MemorySegment.ofArray(Files.readAllBytes(path));
        StreamLayout layout;
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            layout = stream.layout();
        }
        for (JsonObject slot : golden.slots()) {
            int index = slot.get("slot").getAsInt();

            assertEquals(slot.get("data_offset").getAsLong(), layout.frameOffset(index));
            assertEquals(slot.get("cnt0").getAsLong(), file.get(ValueLayout.JAVA_LONG_UNALIGNED,
                    layout.headerOffset(index) + layout.cnt0Offset()));
            assertEquals(golden.expectedElements(slot), Golden.elements(golden.type(),
                    file.asSlice(layout.frameOffset(index), layout.frameBytes())));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldReadTheKeywordsInUse(Golden golden) {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        List<Keyword> expected = new ArrayList<>();
        for (JsonObject keyword : golden.keywords()) {
            Keyword.Type type = Keyword.Type.ofCode(keyword.get("type").getAsString().charAt(0));
            if (type != null) {
                Object value = switch (type) {
                    case LONG -> keyword.get("value").getAsLong();
                    case DOUBLE -> keyword.get("value").getAsDouble();
                    case TEXT -> keyword.get("value").getAsString();
                };
                expected.add(new Keyword(keyword.get("name").getAsString(), type, value,
                        keyword.get("comment").getAsString()));
            }
        }

        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(golden.number("metadata", "NBkw"), stream.layout().keywords().count());
            assertEquals(expected, stream.keywords());
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldLeaveTheFileAsItWas(Golden golden) throws IOException {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            reader.newest();
            reader.awaitNext(0);
            stream.keywords();
        }

        assertArrayEquals(golden.bytes(), Files.readAllBytes(path));
        assertEquals(List.of(), scratch.semaphores(), "a viewer makes no semaphores");
    }

    static Stream<Golden> writableFiles() {
        return files().filter(golden -> !golden.name().startsWith("mixed"));
    }

    @ParameterizedTest
    @MethodSource("writableFiles")
    void shouldWriteOnWhereDaoLeftOff(Golden golden) {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore(0));
                FrameWriter writer = stream.writer()) {
            long before = stream.status().cnt0();
            MemorySegment frame = MemorySegment.ofArray(new byte[(int) stream.layout().frameBytes()]).fill((byte) 3);

            assertEquals(before + 1, writer.write(frame));

            assertEquals(Verdict.FRESH, reader.awaitNext(1_000_000_000L));
            assertEquals(-1, reader.frame().mismatch(frame));
            assertTrue(reader.isStrict());
            assertEquals(Math.floorMod(golden.number("newest", "slot") + 1, stream.layout().depth()),
                    stream.status().newestSlot());
            assertEquals(11, scratch.semaphores().size(), "those that were missing are made");
        }
    }

    /** A stream of depth 1 whose ring words an older program overwrote. */
    @ParameterizedTest
    @ValueSource(strings = {"dao/mixed_new_then_old_float32", "corrupt/dao_fifo_size_0"})
    void shouldReadButNotWriteAStreamWhoseDepthIsLost(String file) throws IOException {
        Golden golden = Golden.named(file.replaceFirst("/.*", ""), file.replaceFirst(".*/", ""));
        Path path = golden.copyTo(scratch.stream(golden.name()));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(1, stream.layout().depth());
            assertEquals(-1, stream.layout().lastWrittenOffset());
            assertEquals(4304, stream.layout().dataOffset());
            assertNotNull(stream.layout().writeRefusal());
            assertEquals(Verdict.FRESH, reader.newest());
        }

        IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> ImageStream.open(path));

        assertTrue(refusal.getMessage().contains("read-only"), refusal.getMessage());
        assertArrayEquals(golden.bytes(), Files.readAllBytes(path));
        assertEquals(List.of(), scratch.semaphores());
        assertEquals(List.of(), scratch.stillOpen());
    }

    @Test
    void shouldFindNothingOddAboutASoundFile() {
        Path path = Golden.named("dao", "c_2d_uint16").copyTo(scratch.stream("sound"));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(List.of(), stream.layout().findings());
            assertNull(stream.layout().writeRefusal());
            assertNull(stream.creationWarning());
        }
    }
}
