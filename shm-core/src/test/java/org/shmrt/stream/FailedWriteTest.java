package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Whatever a write throws, the next one succeeds, and readers get its frame. */
@Timeout(600)
class FailedWriteTest {
    private static final long S = 1_000_000_000L;
    private static final int PIXELS = 64;
    private static final int OVERFLOWS = 100;
    private static final long STACK_BYTES = 256 << 10;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final RampFrames ramp = new RampFrames(PIXELS);

    private ImageStream create(String format, int depth) {
        StreamSpec spec = StreamSpec.of(format, DataType.UINT16, Shape.of(PIXELS));
        return ImageStream.create(scratch.stream("cam"), depth == 1 ? spec : spec.withDepth(depth));
    }

    @ParameterizedTest
    @CsvSource({"dao, 1", "dao, 3", "milk, 1"})
    void shouldWriteOnAfterAFrameThatBelongsToAnotherThread(String format, int depth) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        try (ImageStream stream = create(format, depth);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            MemorySegment foreign = ofAnotherThread(done);
            for (int count = 1; count <= 3; count++) {
                assertThrows(WrongThreadException.class, () -> writer.write(foreign));
                assertThrows(WrongThreadException.class, () -> writer.writeQuietly(foreign));

                assertEquals(count, writer.write(ramp.of(count)));
                assertEquals(Verdict.FRESH, reader.awaitNext(S));
                assertTrue(ramp.isWhole(reader.frame(), count));
                assertTrue(reader.validate());
            }
        } finally {
            done.countDown();
        }
    }

    private MemorySegment ofAnotherThread(CountDownLatch done) throws InterruptedException {
        MemorySegment[] result = new MemorySegment[1];
        CountDownLatch ready = new CountDownLatch(1);
        Thread.ofPlatform().daemon().start(() -> {
            try (Arena arena = Arena.ofConfined()) {
                result[0] = arena.allocate(2L * PIXELS);
                ready.countDown();
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        ready.await();
        return result[0];
    }

    /** The stack ends in any call of a write: each attempt starts the recursion a few bytes further. */
    @ParameterizedTest
    @CsvSource({"dao, 1", "dao, 3", "milk, 1"})
    void shouldWriteOnAfterAStackOverflow(String format, int depth) throws InterruptedException {
        try (ImageStream stream = create(format, depth);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            for (int i = 0; i < 2000; i++) {
                writer.write(ramp.of(i + 1L)); // no class is initialised for the first time at the end of the stack
            }
            MemorySegment[] frame = {ramp.empty()};
            for (int attempt = 0; attempt < OVERFLOWS; attempt++) {
                int padding = attempt;
                Thread deep = new Thread(null, () -> overflow(writer, frame[0], padding), "deep", STACK_BYTES);
                deep.start();
                deep.join();

                long next = stream.status().cnt0() + 1;
                assertEquals(next, writer.write(ramp.of(next)));
                assertTrue(reader.awaitNewest(S).hasFrame());
                assertEquals(next, reader.count());
                assertTrue(ramp.isWhole(reader.frame(), next));
            }
        }
    }

    private static void overflow(FrameWriter writer, MemorySegment frame, int padding) {
        try {
            dive(writer, frame, padding);
        } catch (StackOverflowError e) {
            return;
        }
        throw new AssertionError("the stack did not overflow");
    }

    /** Writes at every depth, so the call that does not fit is one inside a write. */
    private static long dive(FrameWriter writer, MemorySegment frame, int padding) {
        long count = writer.write(frame);
        return padding > 0
                ? dive(writer, frame, padding - 1) + count
                : diveFurther(writer, frame, Integer.MAX_VALUE) + count;
    }

    private static long diveFurther(FrameWriter writer, MemorySegment frame, int calls) {
        long count = writer.write(frame);
        return calls > 0 ? diveFurther(writer, frame, calls - 1) + count : count;
    }
}
