package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.ClosedException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Scratch;

/** Posts without a frame. */
@Timeout(600)
class StreamSemaphoresTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path path;

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
    }

    private ImageStream create(String format) {
        return ImageStream.create(path, StreamSpec.of(format, DataType.UINT8, Shape.of(2, 2)));
    }

    private List<Integer> values() {
        return StreamInfo.of(path).semaphores().stream()
                .map(SemaphoreState::value)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"dao, 1", "milk, 10"})
    void shouldPostOneSemaphoreUpToItsCap(String format, int cap) {
        try (ImageStream stream = create(format)) {
            StreamSemaphores semaphores = StreamSemaphores.of(stream);
            assertEquals(10, semaphores.count());
            for (int i = 0; i < cap; i++) {
                assertTrue(semaphores.post(3));
            }

            assertFalse(semaphores.post(3));
            assertEquals(List.of(0, 0, 0, cap, 0, 0, 0, 0, 0, 0), values());
            assertEquals(0, stream.status().cnt0());
        }
    }

    @ParameterizedTest
    @CsvSource({"dao", "milk"})
    void shouldPostAllAndTheLog(String format) {
        try (ImageStream stream = create(format)) {
            StreamSemaphores.of(stream).postAll();

            assertEquals(List.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), values());
            assertEquals(format.equals("milk"), StreamSemaphores.of(stream).postLog(), "DAO's cap is 1");
        }
    }

    /** A reader relies on the counter. */
    @Test
    void shouldWakeNoReaderOfShmRTIntoAFrameThatDoesNotExist() {
        try (ImageStream stream = create("dao");
                FrameReader reader = stream.reader(WaitStrategy.semaphore(5))) {
            assertTrue(StreamSemaphores.of(stream).post(5));

            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(10_000_000L));
        }
    }

    @Test
    void shouldRefuseAnIndexOutOfRangeAndAStreamThatIsReadOnlyOrClosed() {
        ImageStream stream = create("dao");
        StreamSemaphores semaphores = StreamSemaphores.of(stream);

        String message = assertThrows(IllegalArgumentException.class, () -> semaphores.post(10))
                .getMessage();
        assertTrue(message.contains(path + " has 0 to 9"), message);
        assertThrows(IllegalArgumentException.class, () -> semaphores.post(-1));
        try (ImageStream readOnly = ImageStream.open(path, Access.READ_ONLY)) {
            assertThrows(AccessDeniedException.class, () -> StreamSemaphores.of(readOnly));
        }
        stream.close();
        assertThrows(ClosedException.class, () -> semaphores.post(0));
        assertThrows(ClosedException.class, semaphores::postAll);
    }
}
