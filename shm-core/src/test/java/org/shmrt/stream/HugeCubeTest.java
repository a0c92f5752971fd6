package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.CreationInfo;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** A sparse file costs its creator nothing, whatever number of slices its header has. */
@Timeout(600)
class HugeCubeTest {
    private static final long S = 1_000_000_000L;
    private static final int SLICES = Integer.MAX_VALUE;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path path;

    @BeforeEach
    void createSparse() throws Exception {
        path = scratch.stream("cube");
        StreamSpec spec =
                StreamSpec.milk(DataType.UINT8, Shape.of(SLICES, 1, 1)).asRollingCube();
        StreamFormat format = StreamFormats.named(spec.format());
        StreamLayout layout = format.plan(path, spec);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
                Arena arena = Arena.ofConfined()) {
            file.setLength(layout.fileBytes());
            MemorySegment memory = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, layout.fileBytes(), arena);
            format.initialise(memory, layout, new CreationInfo(1, 2, 3));
        }
    }

    @Test
    void shouldBeReadAndWrittenWithLittleMemory() {
        MemorySegment slice = MemorySegment.ofArray(new byte[] {7});
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            for (int i = 1; i <= 2000; i++) {
                assertEquals(i, writer.writeSlice(slice));
            }
            FrameHistory past = stream.history();

            assertEquals(SLICES, past.capacity());
            assertEquals(Verdict.FRESH, past.find(SLICES, S));
            assertEquals(2000, past.length());
            assertEquals(7, past.frame(0).get(ValueLayout.JAVA_BYTE, 0));
            assertTrue(past.isWhole(0));
        }
    }
}
