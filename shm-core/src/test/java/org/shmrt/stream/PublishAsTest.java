package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.error.ClosedException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** Frames with given counts, as copies of other streams have them. */
@Timeout(600)
class PublishAsTest {
    private static final long TIMEOUT_NS = 60_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private ImageStream create(String format, int depth) {
        return ImageStream.create(
                scratch.stream("s"),
                StreamSpec.of(format, DataType.UINT8, Shape.of(2, 2)).withDepth(depth));
    }

    private static void publish(FrameWriter writer, long count) {
        writer.claim().fill((byte) count);
        writer.publishAs(count, 1_700_000_000_000_000_000L + count);
    }

    @ParameterizedTest
    @CsvSource({"dao, 1", "dao, 4", "milk, 1"})
    void shouldPublishTheCountAndTellReadersWhatIsMissing(String format, int depth) {
        try (ImageStream stream = create(format, depth);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            publish(writer, 1_000_000);
            assertTrue(reader.awaitNext(TIMEOUT_NS).hasFrame());
            assertEquals(1_000_000, reader.count());

            publish(writer, 1_000_001);
            assertEquals(Verdict.FRESH, reader.awaitNext(TIMEOUT_NS));
            publish(writer, 1_000_005);
            assertTrue(reader.awaitNext(TIMEOUT_NS).hasFrame());

            assertEquals(1_000_005, reader.count());
            assertEquals(3, reader.lost());
            assertTrue(reader.validate());
            assertEquals((byte) 1_000_005, reader.frame().get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @ParameterizedTest
    @CsvSource({"dao, 1", "dao, 4", "milk, 1"})
    void shouldStartANewSequenceWithALowerCount(String format, int depth) {
        try (ImageStream stream = create(format, depth);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            for (long count = 500; count < 510; count++) {
                publish(writer, count);
            }
            assertTrue(reader.awaitNewest(TIMEOUT_NS).hasFrame());
            long lost = reader.lostTotal();

            publish(writer, 1);

            assertEquals(Verdict.RESTARTED, reader.awaitNext(TIMEOUT_NS));
            assertEquals(1, reader.count());
            assertEquals(lost, reader.lostTotal());
        }
    }

    @ParameterizedTest
    @CsvSource({"dao, 1", "dao, 4", "milk, 1"})
    void shouldContinueByOneWithoutAGivenCount(String format, int depth) {
        try (ImageStream stream = create(format, depth);
                FrameWriter writer = stream.writer()) {
            publish(writer, 70);
            writer.claim();

            assertEquals(71, writer.publish());
            assertEquals(72, writer.write(MemorySegment.ofArray(new byte[4])));
        }
    }

    @ParameterizedTest
    @CsvSource({"dao, 1", "dao, 4", "milk, 1"})
    void shouldRefuseWrongUse(String format, int depth) {
        ImageStream stream = create(format, depth);
        FrameWriter writer = stream.writer();

        assertThrows(IllegalStateException.class, () -> writer.publishAs(5, 1));
        writer.claim();
        assertThrows(IllegalArgumentException.class, () -> writer.publishAs(0, 1));
        writer.publishAs(-1, 1); // counts are unsigned
        assertEquals(-1, stream.status().cnt0());
        stream.close();

        assertThrows(ClosedException.class, writer::claim);
        assertThrows(ClosedException.class, () -> writer.publishAs(5, 1));
    }
}
