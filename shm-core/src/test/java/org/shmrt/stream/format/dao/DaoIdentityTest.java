package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/**
 * A stream that ShmRT creates and writes has the same bytes as one of DAO's own program, except for the name, the times
 * and the order mark.
 */
@Timeout(600)
class DaoIdentityTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    /** Files of whole frames, with axes and in a generation that ShmRT creates. */
    static Stream<Golden> files() {
        return Golden.of("dao")
                .filter(golden -> golden.text("kind").equals("dao-shm")
                        && golden.numbers("axes_c").size() > 1
                        && !golden.name().startsWith("part_")
                        && !golden.name().startsWith("killed_"));
    }

    @Test
    void shouldCoverMostOfTheGoldenFiles() {
        assertEquals(30, files().count());
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldWriteTheSameBytesAsDao(Golden golden) throws IOException {
        byte[] expected = golden.bytes();
        Path path = scratch.stream("same");
        try (ImageStream stream = ImageStream.create(path, spec(golden));
                FrameWriter writer = stream.writer()) {
            writeRest(golden, expected, writer, 0);
        }

        byte[] actual = Files.readAllBytes(path);

        assertEquals(golden.number("layout", "file_bytes"), actual.length);
        mask(golden, expected);
        mask(golden, actual);
        assertArrayEquals(expected, actual);
    }

    static Stream<Golden> writtenFiles() {
        return files().filter(golden -> golden.number("newest", "cnt0") > 0);
    }

    @ParameterizedTest
    @MethodSource("writtenFiles")
    void shouldWriteTheSameBytesWithAFirstFrameAtCreation(Golden golden) throws IOException {
        byte[] expected = golden.bytes();
        Path path = scratch.stream("same");
        StreamSpec spec = spec(golden).withFirstFrame(frame(golden, expected, 0));
        try (ImageStream stream = ImageStream.create(path, spec)) {
            assertEquals(1, stream.status().cnt0());
            try (FrameWriter writer = stream.writer()) {
                writeRest(golden, expected, writer, 1);
            }
        }

        byte[] actual = Files.readAllBytes(path);

        mask(golden, expected);
        mask(golden, actual);
        assertArrayEquals(expected, actual);
    }

    private static StreamSpec spec(Golden golden) {
        return StreamSpec.dao(
                        golden.type(),
                        Shape.of(golden.numbers("axes_c").stream()
                                .mapToLong(n -> n)
                                .toArray()))
                .withDepth(golden.slots().size())
                .withKeywords((int) golden.number("metadata", "NBkw"));
    }

    /** Overwritten frames are unknown, and get the bytes of the frames that replaced them. */
    private static void writeRest(Golden golden, byte[] bytes, FrameWriter writer, int from) {
        for (int i = from; i < golden.number("newest", "cnt0"); i++) {
            assertEquals(i + 1, writer.write(frame(golden, bytes, i)));
        }
    }

    private static MemorySegment frame(Golden golden, byte[] bytes, int index) {
        JsonObject slot = golden.slots().get(index % golden.slots().size());
        return MemorySegment.ofArray(bytes)
                .asSlice(slot.get("data_offset").getAsLong(), golden.number("layout", "slot_data_bytes"));
    }

    /** Clears the fields that differ: names, times, marks, and keywords that were set by hand. */
    private static void mask(Golden golden, byte[] file) {
        for (int header = 0; header < golden.slots().size() * 4304; header += 4304) {
            Arrays.fill(file, header, header + 80, (byte) 0);
            Arrays.fill(file, header + 112, header + 128, (byte) 0);
            Arrays.fill(file, header + 136, header + 144, (byte) 0);
            file[header + 177] = 0;
        }
        for (JsonObject keyword : golden.keywords()) {
            if (!keyword.get("type").getAsString().equals("N")) {
                int at = (int) golden.number("layout", "keywords_offset")
                        + 120 * keyword.get("index").getAsInt();
                Arrays.fill(file, at, at + 120, (byte) 0);
            }
        }
    }
}
