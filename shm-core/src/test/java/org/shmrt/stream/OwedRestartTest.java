package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.FileTruncation;
import org.shmrt.testing.NewestCount;
import org.shmrt.testing.Scratch;

/** A frame that begins a new sequence, and cannot be copied. */
@Timeout(600)
class OwedRestartTest {
    private static final Shape SHAPE = Shape.of(64, 1024);
    private static final long LONG = 100_000_000_000L;
    /** The header, and a part of the frame. */
    private static final long CUT_BYTES = 8192;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldNotBeReportedForTheNextStreamAtThePath(String format) throws IOException {
        Path path = scratch.stream("owed");
        StreamSpec spec = StreamSpec.of(format, DataType.UINT8, SHAPE);
        MemorySegment frame = MemorySegment.ofArray(new byte[(int) SHAPE.elementCount()]);
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            try (FrameWriter writer = stream.writer()) {
                NewestCount.set(stream, 900);
                writer.write(frame);
                assertTrue(reader.read(frame, LONG).hasFrame());
                NewestCount.set(stream, 0);
                writer.write(frame);
            }
            FileTruncation.truncate(path, CUT_BYTES);
            assertFalse(reader.read(frame, LONG).hasFrame());
            Files.delete(path);

            try (ImageStream next = ImageStream.create(path, spec);
                    FrameWriter writer = next.writer()) {
                assertTrue(reader.reattach());
                writer.write(frame);

                assertEquals(Verdict.FRESH, reader.read(frame, LONG));
                assertEquals(1, reader.count());
            }
        }
    }
}
