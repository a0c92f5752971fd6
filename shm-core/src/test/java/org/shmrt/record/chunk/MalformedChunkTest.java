package org.shmrt.record.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.testing.Scratch;

/** Headers that no recorder writes: a damaged file, or one of somebody else. */
@Timeout(600)
class MalformedChunkTest {
    private static final String NAME = "cam.20260101T000000.000000000";
    private static final Shape FRAME = Shape.of(5, 8);

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(5, 0)",
                "(5, 0, 999999999999999999)",
                "(5, 999999999999999999, 999999999999999999)",
                "(5, 999999999999999999)",
                "(5, 99999999999999999999)",
                "(5, AXES)"
            })
    void shouldRefuseAnImpossibleShapeOfNpy(String shape) throws IOException {
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': "
                + shape.replace("AXES", "1" + ", 1".repeat(Shape.MAX_AXES)) + ", }";
        ByteBuffer bytes = ByteBuffer.allocate(10 + header.length() + 1);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        bytes.put((byte) (header.length() + 1)).put((byte) ((header.length() + 1) >> 8));
        bytes.put((header + "\n").getBytes(StandardCharsets.ISO_8859_1));
        Path cube = scratch.directory().resolve(NAME + ".npy");
        Files.write(cube, bytes.array());

        IncompatibleException refused = assertThrows(IncompatibleException.class, () -> FrameFile.open(cube));

        assertTrue(refused.getMessage().contains("cannot read " + cube), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "1000000000000000000"})
    void shouldRefuseFramesThatAreLargerThanAnyMemory(String length) throws IOException {
        Path cube = chunk();
        replace(cube, card("NAXIS1", 8), card("NAXIS1", length));
        replace(cube, card("NAXIS3", 1), card("NAXIS3", 0));

        assertThrows(IncompatibleException.class, () -> FrameFile.open(cube));
    }

    @Test
    void shouldRefuseATableWithRowsOfGigabytes() throws IOException {
        Path cube = chunk();
        replace(cube, card("NAXIS1", FrameRow.BYTES), card("NAXIS1", 1_000_000_000));
        replace(cube, "TFORM1  = '1K      '  ", "TFORM1  = '999999948A'");

        IncompatibleException refused = assertThrows(IncompatibleException.class, () -> FrameFile.open(cube));

        assertTrue(refused.getMessage().contains("NAXIS1"), refused.getMessage());
    }

    @Test
    void shouldNotTakeMemoryForRowsThatTheFileDoesNotHave() throws IOException {
        Path cube = chunk();
        replace(cube, card("NAXIS1", FrameRow.BYTES), card("NAXIS1", 16_384));
        replace(cube, card("NAXIS2", 1), card("NAXIS2", 200_000));
        replace(cube, "TFORM1  = '1K      '", "TFORM1  = '16332A  '");
        try (FrameFile chunk = FrameFile.open(cube)) {
            IncompatibleException refused =
                    assertThrows(IncompatibleException.class, () -> chunk.rows(0, Integer.MAX_VALUE / 16_384));

            assertTrue(refused.getMessage().contains("truncated"), refused.getMessage());
        }
    }

    private static String card(String name, Object value) {
        return String.format(Locale.ROOT, "%-8s= %20s", name, value);
    }

    private static void replace(Path file, String card, String other) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertEquals(card.length(), other.length());
        assertEquals(text.indexOf(card), text.lastIndexOf(card), card);
        assertTrue(text.contains(card), card);
        Files.writeString(file, text.replace(card, other), StandardCharsets.ISO_8859_1);
    }

    /** A complete chunk of one frame. */
    private Path chunk() throws IOException {
        Path path = scratch.directory().resolve(NAME + ".fits");
        try (Arena arena = Arena.ofConfined();
                ChunkWriter writer = ChunkWriter.create(path, new ChunkSpec(DataType.UINT8, FRAME, List.of()))) {
            MemorySegment frame = arena.allocate(FRAME.byteSize(DataType.UINT8), 8);
            writer.convert(frame);
            ByteBuffer row = ByteBuffer.allocate(FrameRow.BYTES);
            new FrameRow(1, 0, 0, 1, 0, 1, 0, 0).put(row);
            writer.append(frame, row.flip());
            writer.finish(0, 0);
        }
        return path;
    }
}
