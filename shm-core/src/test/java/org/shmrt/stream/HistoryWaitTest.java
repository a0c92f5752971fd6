package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** A history that waits for new frames, as DAO's {@code get_history(check=True)} and {@code (buffer=True)}. */
@Timeout(600)
class HistoryWaitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Shape FRAME = Shape.of(4, 8);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final RampFrames ramp = new RampFrames(FRAME.elementCount());
    private final long frameBytes = FRAME.byteSize(DataType.UINT16);
    private final MemorySegment four = MemorySegment.ofArray(new short[(int) (4 * frameBytes / 2)]);
    private Path path;

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
    }

    private ImageStream create(String format) {
        StreamSpec spec = StreamSpec.of(format, DataType.UINT16, FRAME);
        return ImageStream.create(path, format.equals("dao") ? spec.withDepth(4) : spec.withCircularBuffer(4));
    }

    private void write(FrameWriter writer, int from, int to) {
        for (int count = from; count <= to; count++) {
            writer.write(ramp.of(count));
        }
    }

    private void assertHistory(FrameHistory history, int first, int last) {
        assertEquals(last - first + 1, history.length());
        for (int i = 0; i < history.length(); i++) {
            assertEquals(first + i, history.count(i));
            assertTrue(ramp.isWhole(four.asSlice(i * frameBytes, frameBytes), first + i), "frame " + (first + i));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldReturnWhatIsThereOnceTheNewFramesHaveArrived(String format) throws Exception {
        try (ImageStream stream = create(format);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            write(writer, 1, 3);
            FrameHistory history = stream.history();
            reader.skipToNewest();
            FutureTask<Verdict> waiting = new FutureTask<>(() -> history.readNewer(four, 2, reader, 30 * SECOND));
            Thread.ofPlatform().daemon().start(waiting);

            write(writer, 4, 5);

            assertEquals(Verdict.FRESH, waiting.get());
            assertHistory(history, 2, 5);
        }
    }

    @Test
    void shouldNotWaitForFramesThatWerePublishedSinceTheLastCall() {
        try (ImageStream stream = create("dao");
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            write(writer, 1, 6);
            FrameHistory history = stream.history();

            assertEquals(Verdict.FRESH, history.readNewer(four, 6, reader, 0));
            assertHistory(history, 3, 6);
            assertEquals(Verdict.TIMED_OUT, history.readNewer(four, 1, reader, 0));
            assertEquals(0, history.length());
            write(writer, 7, 7);
            assertEquals(Verdict.TIMED_OUT, history.readNewer(four, 2, reader, 1_000_000L), "one of two");
        }
    }

    @Test
    void shouldReportThatTheReaderWasClosed() {
        try (ImageStream stream = create("dao")) {
            FrameReader reader = stream.reader(WaitStrategy.spin());
            reader.close();

            assertEquals(Verdict.CLOSED, stream.history().readNewer(four, 1, reader, SECOND));
        }
    }

    @Test
    void shouldReportThatTheReaderFollowsAnotherStream() {
        try (ImageStream stream = create("dao");
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            reader.onRecreation(RecreationPolicy.FOLLOW);
            FrameHistory history = stream.history();
            StreamSpec spec =
                    StreamSpec.dao(DataType.UINT16, FRAME).withDepth(4).replacingExisting();
            try (ImageStream next = ImageStream.create(path, spec);
                    FrameWriter writer = next.writer()) {
                write(writer, 1, 1);

                assertEquals(Verdict.RECREATED, history.readNewer(four, 1, reader, 30 * SECOND));
            }
        }
    }

    @Test
    void shouldRefuseAReaderOfAnotherStreamAndNoFrames() {
        try (ImageStream stream = create("dao");
                ImageStream other =
                        ImageStream.create(scratch.stream("other"), StreamSpec.dao(DataType.UINT16, FRAME));
                FrameReader reader = other.reader(WaitStrategy.spin())) {
            FrameHistory history = stream.history();

            String message = assertThrows(IllegalArgumentException.class, () -> history.readNewer(four, 1, reader, 0))
                    .getMessage();

            assertTrue(message.contains("use a reader of the same stream object"), message);
            assertThrows(IllegalArgumentException.class, () -> history.readNewer(four, 0, reader, 0));
        }
    }
}
