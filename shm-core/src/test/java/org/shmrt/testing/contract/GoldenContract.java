package org.shmrt.testing.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
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
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/**
 * Requirements on reading the files of a format's own programs. A subclass names its format, which is also the folder
 * of its golden files, has a static method {@code files} that returns them, and adds tests of its format's own
 * features.
 */
@Timeout(600)
public abstract class GoldenContract {
    @RegisterExtension
    public final Scratch scratch = Scratch.inSharedMemory();

    private final String format;

    protected GoldenContract(String format) {
        this.format = format;
    }

    /** Copies a file to where a test may use it. */
    protected Path copy(Golden golden) {
        return golden.copyTo(scratch.stream(golden.name()));
    }

    /** The shape according to the manifest. */
    protected abstract Shape expectedShape(Golden golden);

    /** The offset of the pixels according to the manifest. */
    protected abstract long expectedDataOffset(Golden golden);

    /** The expected variant of a file. */
    protected abstract String expectedVariant(Golden golden);

    /** Selects the used keywords from the entries of the table. */
    protected abstract Stream<JsonObject> keywordsInUse(List<JsonObject> table);

    /** Whether ShmRT can write into such a file. */
    protected boolean isWritable(Golden golden) {
        return true;
    }

    /** Checks the stream after one more frame was written. */
    protected abstract void assertContinued(Golden golden, ImageStream stream);

    @Test
    void shouldHaveAllFilesOfTheManifest() {
        assertEquals(40, Golden.of(format).count());
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldFindTheImageThatTheManifestDescribes(Golden golden) {
        Path path = copy(golden);
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            StreamLayout layout = stream.layout();

            assertEquals(format, layout.format());
            assertEquals(golden.type(), stream.type());
            assertEquals(golden.numbers("axes_c"), layout.axes());
            assertEquals(expectedShape(golden), stream.shape());
            assertEquals(expectedDataOffset(golden), layout.dataOffset());
            assertEquals(golden.number("layout", "file_bytes"), layout.fileBytes());
            assertEquals(expectedVariant(golden), layout.variant());
            if (golden.entry().getAsJsonObject("metadata").has("name")) {
                assertEquals(
                        golden.entry().getAsJsonObject("metadata").get("name").getAsString(), layout.storedName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldReadTheUsedKeywords(Golden golden) {
        Path path = copy(golden);
        List<Keyword> expected = new ArrayList<>();
        keywordsInUse(golden.keywords()).forEach(keyword -> {
            Keyword.Type type =
                    Keyword.Type.ofCode(keyword.get("type").getAsString().charAt(0));
            Object value = switch (type) {
                case LONG -> keyword.get("value").getAsLong();
                case DOUBLE -> keyword.get("value").getAsDouble();
                case TEXT -> keyword.get("value").getAsString();
            };
            expected.add(new Keyword(
                    keyword.get("name").getAsString(),
                    type,
                    value,
                    keyword.get("comment").getAsString()));
        });

        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(
                    golden.number("metadata", "NBkw"),
                    stream.layout().keywords().count());
            assertEquals(expected, stream.keywords());
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldLeaveTheFileUnchanged(Golden golden) throws IOException {
        Path path = copy(golden);
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            reader.newest();
            reader.awaitNext(0);
            stream.keywords();
            stream.traces();
        }
        StreamInfo.of(path);

        assertArrayEquals(golden.bytes(), Files.readAllBytes(path));
        assertEquals(List.of(), scratch.semaphores(), "a read-only open creates no semaphores");
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldContinueWritingAfterTheOtherProgram(Golden golden) {
        if (!isWritable(golden)) {
            return; // refused, which a test of its format verifies
        }
        Path path = copy(golden);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(
                        stream.layout().semaphores().count() == 0 ? WaitStrategy.spin() : WaitStrategy.semaphore(0));
                FrameWriter writer = stream.writer()) {
            long before = stream.status().cnt0();
            MemorySegment frame = MemorySegment.ofArray(
                            new byte[(int) stream.layout().frameBytes()])
                    .fill((byte) 3);

            assertEquals(before + 1, writer.write(frame));

            assertEquals(Verdict.FRESH, reader.awaitNext(1_000_000_000L));
            assertEquals(-1, reader.frame().mismatch(frame));
            assertTrue(reader.isStrict());
            assertContinued(golden, stream);
        }
    }

    @Test
    void shouldHaveNoFindingsForAValidFile() {
        Path path = Golden.named(format, "c_2d_uint16").copyTo(scratch.stream("valid"));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(List.of(), stream.layout().warnings());
            assertNull(stream.layout().readOnlyReason());
            assertNull(stream.layout().unreadableReason());
        }
    }
}
