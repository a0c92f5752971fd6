package org.shmrt.cli.show;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.picture.ColourOptions;
import org.shmrt.error.IncompatibleException;
import org.shmrt.image.terminal.HalfBlocks;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.testing.Scratch;

/** Frames drawn for a terminal. */
class DrawingTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @Test
    void shouldRefuseAnImageWithAnAxisThatNoArrayHolds() throws IOException {
        Shape shape = Shape.of(2, (1L << 31) + 1);
        long bytes = shape.byteSize(DataType.UINT8);
        Canvas canvas = new Canvas(Graphics.TEXT, HalfBlocks.Depth.values()[0], false, 80, 24, 10, 20);
        try (Arena arena = Arena.ofConfined();
                FileChannel sparse = FileChannel.open(
                        scratch.directory().resolve("sparse"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            MemorySegment data = sparse.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            MemoryImage image = new MemoryImage(DataType.UINT8, shape, data);

            IncompatibleException refused =
                    assertThrows(IncompatibleException.class, () -> Drawing.of(image, new ColourOptions(), canvas));

            assertTrue(refused.getMessage().contains("an axis is longer than 536870911 elements"), refused::getMessage);
        }
    }
}
