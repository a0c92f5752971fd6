package org.shmrt.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.stream.FrameCounter;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.NewestCount;
import org.shmrt.testing.Scratch;

/** Requirements on frame counters that other programs set: they can go back, and they have no sign. */
@Timeout(600)
public abstract class CounterContract extends StreamContract {
    /** Longer than any reader waits that misses a restart would pass unnoticed. */
    private static final long LONG = 100 * SECOND;

    protected CounterContract(StreamSpec spec, Scratch scratch) {
        super(spec, scratch);
    }

    private static WaitStrategy strategy(String name) {
        return switch (name) {
            case "spin" -> WaitStrategy.spin();
            case "semaphore" -> WaitStrategy.semaphore();
            case "hybrid" -> WaitStrategy.hybrid(MS);
            default -> WaitStrategy.idle(new SleepingMillisIdleStrategy(1));
        };
    }

    private void write(FrameWriter writer, long count) {
        assertEquals(count, writer.write(ramp.of(count)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "semaphore", "hybrid", "idle"})
    void shouldDeliverTheFirstFrameAfterTheCounterWentBack(String wait) {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(strategy(wait))) {
            NewestCount.set(stream, 1_000_000);
            write(writer, 1_000_001);
            assertTrue(reader.awaitNext(LONG).hasFrame());
            NewestCount.set(stream, 0);
            write(writer, 1);

            assertEquals(Verdict.RESTARTED, reader.awaitNext(LONG));
            assertEquals(1, reader.count());
            assertRamp(reader.frame(), 1);
            assertTrue(reader.validate());
            assertEquals(0, reader.lost());
            assertEquals(1, reader.restarts());

            write(writer, 2);
            assertEquals(Verdict.FRESH, reader.awaitNext(LONG));
            assertEquals(2, reader.count());
            assertEquals(1, reader.restarts());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "semaphore", "hybrid", "idle"})
    void shouldWakeAReaderThatWaitsWhileTheCounterGoesBack(String wait) throws Exception {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(strategy(wait))) {
            NewestCount.set(stream, 5000);
            write(writer, 5001);
            assertTrue(reader.awaitNext(LONG).hasFrame());
            FutureTask<Verdict> waiting = inBackground(() -> reader.awaitNext(LONG));

            NewestCount.set(stream, 7);

            assertEquals(Verdict.RESTARTED, waiting.get());
            assertEquals(7, reader.count());
        }
    }

    @Test
    void shouldReadTheNewestFrameAndCopiesAfterTheCounterWentBack() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader newest = stream.reader(WaitStrategy.spin());
                FrameReader copying = stream.reader(WaitStrategy.spin())) {
            MemorySegment copy = ramp.empty();
            NewestCount.set(stream, 900);
            write(writer, 901);
            assertTrue(newest.awaitNewest(LONG).hasFrame());
            assertTrue(copying.read(copy, LONG).hasFrame());
            NewestCount.set(stream, 0);
            write(writer, 1);

            assertEquals(Verdict.RESTARTED, newest.awaitNewest(LONG));
            assertEquals(1, newest.count());
            assertEquals(Verdict.RESTARTED, copying.read(copy, LONG));
            assertRamp(copy, 1);
            assertEquals(Verdict.FRESH, copying.readNewest(copy, LONG));
            assertRamp(copy, 1);
        }
    }

    /** Two programs that write one stream, each with a counter of its own. */
    @Test
    void shouldDeliverTheFramesOfTwoProgramsThatCountForThemselves() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            long restarts = 0;
            for (int i = 0; i < 20; i++) {
                for (long base : new long[] {1_000_000, 0}) {
                    NewestCount.set(stream, base + i);
                    write(writer, base + i + 1);

                    Verdict verdict = reader.awaitNext(LONG);
                    assertEquals(base + i + 1, reader.count());
                    assertRamp(reader.frame(), base + i + 1);
                    boolean isFirst = i == 0 && base > 0;
                    assertTrue(isFirst || verdict == Verdict.RESTARTED, () -> verdict + " at " + reader.count());
                    restarts += isFirst ? 0 : 1;
                }
            }
            assertEquals(restarts, reader.restarts());
        }
    }

    @Test
    void shouldCountOnAfterTheHalfAndTheEndOfTheUnsignedRange() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            FrameCounter counter = FrameCounter.of(stream);
            NewestCount.set(stream, Long.MAX_VALUE - 2);
            write(writer, Long.MAX_VALUE - 1);
            assertTrue(reader.awaitNext(LONG).hasFrame());
            for (long count : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1}) {
                write(writer, count);

                assertEquals(Verdict.FRESH, reader.awaitNext(LONG), () -> Long.toUnsignedString(count));
                assertEquals(count, reader.count());
                assertEquals(0, reader.lost());
                assertEquals(count, counter.awaitAtLeast(count, LONG));
            }
            assertEquals(0, reader.restarts());
        }
    }

    @Test
    void shouldEndAWaitForACountWhenTheCounterGoesBack() throws Exception {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            FrameCounter counter = FrameCounter.of(stream);
            NewestCount.set(stream, 5000);
            write(writer, 5001);
            assertEquals(5001, counter.get());
            FutureTask<Long> waiting = inBackground(() -> counter.awaitAtLeast(6000, LONG));

            NewestCount.set(stream, 7);

            assertEquals(7, waiting.get());
            write(writer, 8);
            assertEquals(8, counter.awaitAtLeast(8, LONG));
        }
    }

    /** The counter rises during the wait, and then goes back to more than it was at the start. */
    @Test
    void shouldEndAWaitForACountWhenTheCounterGoesBackToMoreThanAtTheStart() throws Exception {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            write(writer, 1);
            FrameCounter counter = FrameCounter.of(stream);
            for (int times = 0; times < 20; times++) {
                NewestCount.set(stream, 1);
                assertEquals(1, counter.get());
                FutureTask<Long> waiting = inBackground(() -> counter.awaitAtLeast(6000, LONG));

                // Until the wait has seen the high count and the lower one after it: it polls thousands of times a ms.
                while (!waiting.isDone()) {
                    NewestCount.set(stream, 600);
                    LockSupport.parkNanos(MS);
                    NewestCount.set(stream, 5);
                    LockSupport.parkNanos(MS);
                }

                assertEquals(5, waiting.get());
            }
        }
    }
}
