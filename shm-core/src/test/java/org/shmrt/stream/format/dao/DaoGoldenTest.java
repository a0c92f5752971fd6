package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.Golden;
import org.shmrt.testing.contract.GoldenContract;

/** Files of DAO's own programs, of all generations of the format. */
class DaoGoldenTest extends GoldenContract {
    DaoGoldenTest() {
        super("dao");
    }

    static Stream<Golden> files() {
        return Golden.of("dao");
    }

    @Override
    protected Shape expectedShape(Golden golden) {
        return Shape.of(golden.numbers("numpy_shape").stream().mapToLong(n -> n).toArray());
    }

    @Override
    protected long expectedDataOffset(Golden golden) {
        return golden.number("layout", "data_offset");
    }

    @Override
    protected String expectedVariant(Golden golden) {
        return golden.text("kind").endsWith("prefifo") ? "pre-fifo" : "fifo";
    }

    @Override
    protected Stream<JsonObject> keywordsInUse(List<JsonObject> table) {
        return table.stream()
                .filter(k -> Keyword.Type.ofCode(k.get("type").getAsString().charAt(0)) != null);
    }

    @Override
    protected boolean isWritable(Golden golden) {
        return !golden.name().startsWith("mixed");
    }

    @Override
    protected void assertContinued(Golden golden, ImageStream stream) {
        assertEquals(golden.slots().size(), stream.layout().depth());
        assertEquals(
                Math.floorMod(
                        golden.number("newest", "slot") + 1, stream.layout().depth()),
                stream.status().newestSlot());
        assertEquals(11, scratch.semaphores().size(), "missing semaphores are created");
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldReadTheFramesThatTheManifestDescribes(Golden golden) {
        Path path = copy(golden);
        boolean stuck = golden.entry().has("stale_write_flag");
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            JsonObject newest = golden.entry().has("newest")
                    ? golden.entry().getAsJsonObject("newest")
                    : golden.slots().getFirst();
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
    void shouldFindEverySlotWhereTheManifestDescribesIt(Golden golden) throws IOException {
        Path path = copy(golden);
        MemorySegment file = MemorySegment.ofArray(Files.readAllBytes(path));
        StreamLayout layout;
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            layout = stream.layout();
        }
        for (JsonObject slot : golden.slots()) {
            int index = slot.get("slot").getAsInt();

            assertEquals(slot.get("data_offset").getAsLong(), layout.frameOffset(index));
            assertEquals(
                    slot.get("cnt0").getAsLong(),
                    file.get(ValueLayout.JAVA_LONG_UNALIGNED, layout.headerOffset(index) + layout.cnt0Offset()));
            assertEquals(
                    golden.expectedElements(slot),
                    Golden.elements(golden.type(), file.asSlice(layout.frameOffset(index), layout.frameBytes())));
        }
    }

    /** A stream of depth 1 whose ring words an older program has overwritten. */
    @ParameterizedTest
    @ValueSource(strings = {"dao/mixed_new_then_old_float32", "corrupt/dao_fifo_size_0"})
    void shouldReadButNotWriteAStreamOfUnknownDepth(String file) throws IOException {
        Golden golden = Golden.named(file.replaceFirst("/.*", ""), file.replaceFirst(".*/", ""));
        Path path = copy(golden);
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(1, stream.layout().depth());
            assertEquals(-1, stream.layout().lastWrittenOffset());
            assertEquals(4304, stream.layout().dataOffset());
            assertNotNull(stream.layout().readOnlyReason());
            assertEquals(Verdict.FRESH, reader.newest());
        }

        IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> ImageStream.open(path));

        assertTrue(refusal.getMessage().contains("read-only"), refusal.getMessage());
        assertArrayEquals(golden.bytes(), Files.readAllBytes(path));
        assertEquals(List.of(), scratch.semaphores());
        assertEquals(List.of(), scratch.stillOpen());
    }
}
