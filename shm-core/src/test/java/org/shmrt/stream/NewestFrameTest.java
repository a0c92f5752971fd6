package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.BusyException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** A time stamp without a frame. */
@Timeout(600)
class NewestFrameTest {
    private static final long TIME_NS = 1_700_000_000_123_456_789L;
    private static final MemorySegment FRAME = MemorySegment.ofArray(new byte[] {1, 2, 3, 4});

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path path;

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
    }

    private ImageStream create(String format) {
        StreamSpec spec = StreamSpec.of(format, DataType.UINT8, Shape.of(2, 2));
        return ImageStream.create(path, format.equals("dao") ? spec.withDepth(3) : spec);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldChangeTheTimeAndNothingElse(String format) {
        try (ImageStream stream = create(format);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.write(FRAME);
            writer.write(FRAME);
            long before = stream.status().writtenNs();

            NewestFrame.of(writer).stamp(TIME_NS);

            assertEquals(TIME_NS, stream.status().acquiredNs());
            assertTrue(stream.status().writtenNs() >= before);
            assertEquals(2, stream.status().cnt0());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(2, reader.count());
            assertEquals(TIME_NS, reader.acquiredNs());
            assertTrue(reader.isStrict());
            assertEquals(-1, reader.frame().mismatch(FRAME));
            assertEquals(3, writer.write(FRAME));
        }
    }

    @Test
    void shouldRefuseAFrameThatIsBeingWritten() {
        try (ImageStream stream = create("milk");
                FrameWriter writer = stream.writer()) {
            writer.write(FRAME);
            MemorySegment ignored = writer.claim();

            String message = assertThrows(
                            BusyException.class, () -> NewestFrame.of(writer).stamp(TIME_NS))
                    .getMessage();

            assertTrue(message.contains("its write flag is set"), message);
            assertTrue(stream.status().writing(), "the flag of the claimed frame remains");
            assertEquals(2, writer.publish());
        }
    }

    @Test
    void shouldRefuseAStreamWithoutAFrameAndAClosedWriter() {
        try (ImageStream stream = create("dao")) {
            FrameWriter writer = stream.writer();
            String message = assertThrows(
                            ShmException.class, () -> NewestFrame.of(writer).stamp(TIME_NS))
                    .getMessage();
            assertTrue(message.contains("it has no frame yet"), message);
            writer.write(FRAME);
            writer.close();

            assertThrows(ClosedException.class, () -> NewestFrame.of(writer).stamp(TIME_NS));
        }
    }
}
