package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** Readers that wait in virtual threads leave the carrier threads to others. */
@Timeout(600)
class VirtualThreadsTest {
    private static final long LONG_NS = 100_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private static WaitStrategy strategy(String name) {
        return switch (name) {
            case "spin" -> WaitStrategy.spin();
            case "semaphore" -> WaitStrategy.semaphore();
            case "hybrid" -> WaitStrategy.hybrid(LONG_NS);
            default -> WaitStrategy.idle(new SleepingMillisIdleStrategy(1));
        };
    }

    /** More readers than there are carriers, and a writer that needs one. */
    @ParameterizedTest
    @CsvSource({
        "dao, spin",
        "dao, semaphore",
        "dao, hybrid",
        "dao, idle",
        "milk, spin",
        "milk, semaphore",
        "milk, hybrid",
        "milk, idle"
    })
    void shouldLetAWriterInAVirtualThreadWakeThem(String format, String wait) throws Exception {
        int readers = 2 * Runtime.getRuntime().availableProcessors() + 2;
        CountDownLatch waiting = new CountDownLatch(readers);
        StreamSpec spec = StreamSpec.of(format, DataType.UINT8, Shape.of(4, 4));
        try (ImageStream stream = ImageStream.create(scratch.stream("cam"), spec);
                FrameWriter writer = stream.writer();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            FrameCounter counter = FrameCounter.of(stream);
            List<Future<Verdict>> frames = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                frames.add(threads.submit(() -> {
                    try (FrameReader reader = stream.reader(strategy(wait))) {
                        waiting.countDown();
                        return reader.awaitNext(LONG_NS);
                    }
                }));
            }
            Future<Long> count = threads.submit(() -> counter.awaitAtLeast(1, LONG_NS));
            Future<Long> written = threads.submit(() -> {
                waiting.await();
                return writer.write(MemorySegment.ofArray(new byte[16]));
            });

            assertEquals(1, written.get());
            assertEquals(1, count.get());
            for (Future<Verdict> frame : frames) {
                assertEquals(Verdict.FRESH, frame.get());
            }
        }
    }
}
