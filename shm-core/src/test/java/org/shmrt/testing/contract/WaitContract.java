package org.shmrt.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.error.BusyException;
import org.shmrt.error.ClosedException;
import org.shmrt.stream.FrameCounter;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Scratch;

/** Requirements on waiting for frames that every stream format must meet, with every wait strategy. */
@Timeout(600)
public abstract class WaitContract extends StreamContract {
    protected WaitContract(StreamSpec spec, Scratch scratch) {
        super(spec, scratch);
    }

    static Stream<Named<Supplier<WaitStrategy>>> strategies() {
        return Stream.of(
                Named.of("spin", WaitStrategy::spin),
                Named.of("sleeping", () -> WaitStrategy.idle(new SleepingMillisIdleStrategy(1))),
                Named.of("backoff", () -> WaitStrategy.idle(new BackoffIdleStrategy())),
                Named.of("semaphore 3", () -> WaitStrategy.semaphore(3)),
                Named.of("any semaphore", WaitStrategy::semaphore),
                Named.of("hybrid", () -> WaitStrategy.hybrid(2 * MS)));
    }

    /** Starts a wait in the background, and gives it time to begin. */
    private static <T> FutureTask<T> startWaiting(Callable<T> wait) throws InterruptedException {
        FutureTask<T> waiting = inBackground(wait);
        Thread.sleep(10);
        return waiting;
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldWakeUpWhenAFrameIsPublished(Supplier<WaitStrategy> wait) throws Exception {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(wait.get())) {
            for (int count = 1; count <= 3; count++) {
                FutureTask<Verdict> waiting = startWaiting(() -> reader.awaitNext(20 * SECOND));

                writeRamps(writer, 1);

                assertEquals(Verdict.FRESH, waiting.get());
                assertEquals(count, reader.count());
                assertRamp(reader.frame(), count);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldNotMissAFrameBetweenTwoCalls(Supplier<WaitStrategy> wait) {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(wait.get())) {
            for (int count = 1; count <= 5; count++) {
                writeRamps(writer, 1);

                assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
                assertEquals(count, reader.count());
            }

            assertEquals(0, reader.lostTotal());
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldNotMistakeALeftoverTokenForAFrame(Supplier<WaitStrategy> wait) {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(wait.get())) {
            writeRamps(writer, 1);
            assertEquals(Verdict.FRESH, reader.newest());

            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(30 * MS));
            assertEquals(Verdict.TIMED_OUT, reader.awaitNewest(5 * MS));
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldWaitAtLeastForTheTimeout(Supplier<WaitStrategy> wait) {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(wait.get())) {
            for (long timeoutNs : new long[] {0, MS, 35 * MS}) {
                long startNs = System.nanoTime();

                Verdict verdict = reader.awaitNext(timeoutNs);

                long waitedNs = System.nanoTime() - startNs;
                assertEquals(Verdict.TIMED_OUT, verdict);
                assertTrue(waitedNs >= timeoutNs, () -> "waited " + waitedNs + " ns of " + timeoutNs);
            }
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(-1));
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(Long.MIN_VALUE));
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldStopWaitingWhenTheReaderIsClosed(Supplier<WaitStrategy> wait) throws Exception {
        try (ImageStream stream = create()) {
            FrameReader reader = stream.reader(wait.get());
            FutureTask<Verdict> waiting = startWaiting(() -> reader.awaitNext(Long.MAX_VALUE));

            reader.close();

            assertEquals(Verdict.CLOSED, waiting.get());
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldStopWaitingWhenTheStreamIsClosed(Supplier<WaitStrategy> wait) throws Exception {
        ImageStream stream = create();
        FrameReader reader = stream.reader(wait.get());
        FutureTask<Verdict> waiting = startWaiting(() -> reader.awaitNewest(Long.MAX_VALUE));

        stream.close();

        assertEquals(Verdict.CLOSED, waiting.get());
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldStopWaitingWhenTheThreadIsInterrupted(Supplier<WaitStrategy> wait) throws Exception {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(wait.get())) {
            FutureTask<Boolean> waiting = new FutureTask<>(() -> reader.awaitNext(Long.MAX_VALUE) == Verdict.CLOSED
                    && Thread.currentThread().isInterrupted());
            Thread thread = Thread.ofPlatform().daemon().start(waiting);
            Thread.sleep(10);

            thread.interrupt();

            assertTrue(waiting.get(), "verdict CLOSED and the interrupt status is still set");
            writeRamps(writer, 1);
            assertEquals(Verdict.FRESH, reader.awaitNext(SECOND), "the reader still works");
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldReportARemovedStream(Supplier<WaitStrategy> wait) throws Exception {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(wait.get())) {
            FutureTask<Verdict> waiting = startWaiting(() -> reader.awaitNext(20 * SECOND));

            ImageStream.remove(path);

            assertEquals(Verdict.REMOVED, waiting.get());
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldReportARecreatedStream(Supplier<WaitStrategy> wait) throws Exception {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(wait.get())) {
            FutureTask<Verdict> waiting = startWaiting(() -> reader.awaitNext(20 * SECOND));

            ImageStream.create(path, spec.replacingExisting()).close();

            assertEquals(Verdict.RECREATED, waiting.get());
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldKeepUpWithAPeriodicWriter(Supplier<WaitStrategy> wait) throws Exception {
        int frames = 40;
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(wait.get())) {
            FutureTask<Void> writing = inBackground(() -> {
                try (FrameWriter writer = stream.writer()) {
                    for (int count = 1; count <= frames; count++) {
                        Thread.sleep(1);
                        writer.write(ramp.of(count));
                    }
                    return null;
                }
            });
            assertEquals(frames, ramp.readUpTo(reader, frames, 20 * SECOND));
            writing.get();
        }
    }

    @Test
    void shouldGiveEachReaderItsOwnSemaphore() {
        try (ImageStream stream = create();
                ImageStream other = ImageStream.open(path)) {
            List<Integer> given = new ArrayList<>();
            SemaphoreLayout semaphores = stream.layout().semaphores();
            for (int i = 0; i < semaphores.count() - (semaphores.serviceIndex() < 0 ? 0 : 1); i++) {
                given.add((i % 2 == 0 ? stream : other)
                        .reader(WaitStrategy.semaphore())
                        .semaphoreIndex());
            }

            assertEquals(given.size(), given.stream().distinct().count(), given::toString);
            assertFalse(given.contains(semaphores.serviceIndex()), given::toString);
            assertEquals(0, given.getLast(), "the semaphore that programs use by default is assigned last");
        }
    }

    @Test
    void shouldGiveAFreedSemaphoreToTheNextReader() {
        try (ImageStream stream = create()) {
            FrameReader first = stream.reader(WaitStrategy.semaphore());
            FrameReader second = stream.reader(WaitStrategy.semaphore());
            assertNotEquals(first.semaphoreIndex(), second.semaphoreIndex());

            first.close();

            assertEquals(
                    first.semaphoreIndex(),
                    stream.reader(WaitStrategy.semaphore()).semaphoreIndex());
        }
    }

    @Test
    void shouldGrantTheRequestedSemaphore() {
        try (ImageStream stream = create();
                FrameReader first = stream.reader(WaitStrategy.semaphore(4));
                FrameReader second = stream.reader(WaitStrategy.hybrid(0, 4));
                FrameReader polling = stream.reader(WaitStrategy.spin())) {
            assertEquals(4, first.semaphoreIndex());
            assertEquals(4, second.semaphoreIndex());
            assertEquals(-1, polling.semaphoreIndex());
        }
    }

    @Test
    void shouldRejectASemaphoreThatTheStreamDoesNotHave() {
        try (ImageStream stream = create()) {
            int count = stream.layout().semaphores().count();

            assertThrows(IllegalArgumentException.class, () -> stream.reader(WaitStrategy.semaphore(count)));
            assertThrows(IllegalArgumentException.class, () -> stream.reader(WaitStrategy.semaphore(-2)));
            assertThrows(IllegalArgumentException.class, () -> WaitStrategy.hybrid(-1));
        }
    }

    @Test
    void shouldWakeAllReadersThatShareASemaphore() throws Exception {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader first = stream.reader(WaitStrategy.semaphore(5));
                FrameReader second = stream.reader(WaitStrategy.semaphore(5))) {
            FutureTask<Verdict> one = inBackground(() -> first.awaitNext(20 * SECOND));
            FutureTask<Verdict> two = inBackground(() -> second.awaitNext(20 * SECOND));
            Thread.sleep(10);

            writeRamps(writer, 1);

            assertEquals(Verdict.FRESH, one.get());
            assertEquals(Verdict.FRESH, two.get());
        }
    }

    /** Readers without a semaphore get their frames by the counter, and leave the tokens to those who have one. */
    @Test
    void shouldServeMoreReadersThanThereAreSemaphores() throws Exception {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            SemaphoreLayout semaphores = stream.layout().semaphores();
            for (int i = 0; i < semaphores.count() - (semaphores.serviceIndex() < 0 ? 0 : 1); i++) {
                assertTrue(stream.reader(WaitStrategy.semaphore()).semaphoreIndex() >= 0);
            }
            if (semaphores.claims() == SemaphoreLayout.Claims.EXCLUSIVE) {
                assertThrows(BusyException.class, () -> stream.reader(WaitStrategy.semaphore()));
                return;
            }
            FrameReader sleeping = stream.reader(WaitStrategy.semaphore());
            FrameReader hybrid = stream.reader(WaitStrategy.hybrid(MS));
            assertEquals(-1, sleeping.semaphoreIndex());
            assertEquals(-1, hybrid.semaphoreIndex());

            for (int count = 1; count <= 5; count++) {
                FutureTask<Verdict> one = inBackground(() -> sleeping.awaitNext(20 * SECOND));
                FutureTask<Verdict> two = startWaiting(() -> hybrid.awaitNext(20 * SECOND));

                writeRamps(writer, 1);

                assertEquals(Verdict.FRESH, one.get());
                assertEquals(Verdict.FRESH, two.get());
                assertEquals(count, sleeping.count());
                assertEquals(count, hybrid.count());
            }
            List<SemaphoreState> states = StreamInfo.of(path).semaphores();
            assertTrue(states.stream().allMatch(state -> state.value() > 0), states::toString);
        }
    }

    @Test
    void shouldReturnAndAwaitTheCount() throws Exception {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            FrameCounter counter = FrameCounter.of(stream);
            assertEquals(0, counter.get());
            assertEquals(0, counter.awaitAtLeast(0, 0));
            assertEquals(0, counter.awaitAtLeast(1, 0));

            for (int count = 1; count <= 3 * depth; count++) {
                long wanted = count;
                FutureTask<Long> waiting = inBackground(() -> counter.awaitAtLeast(wanted, 20 * SECOND));
                Thread.sleep(1);

                writeRamps(writer, 1);

                assertEquals(count, waiting.get());
                assertEquals(count, counter.get());
            }

            writer.claim();
            assertEquals(3L * depth, counter.get(), "a claimed frame is counted");
            writer.abort();
        }
    }

    @Test
    void shouldEndAWaitForACountAfterTheTimeout() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            writeRamps(writer, 1);
            FrameCounter counter = FrameCounter.of(stream);
            long startNs = System.nanoTime();

            assertEquals(1, counter.awaitAtLeast(2, 20 * MS));

            assertTrue(System.nanoTime() - startNs >= 20 * MS);
            assertEquals(1, counter.awaitAtLeast(2, -1));
        }
    }

    @Test
    void shouldEndAWaitForACountOnCloseOrInterrupt() throws Exception {
        ImageStream stream = create();
        FrameCounter counter = FrameCounter.of(stream);
        FutureTask<Long> interrupted = new FutureTask<>(() -> counter.awaitAtLeast(1, 20 * SECOND));
        Thread waiting = Thread.ofPlatform().start(interrupted);
        Thread.sleep(10);
        waiting.interrupt();
        assertEquals(0, interrupted.get());

        FutureTask<Long> closed = startWaiting(() -> counter.awaitAtLeast(1, 20 * SECOND));
        stream.close();

        assertInstanceOf(
                ClosedException.class,
                assertThrows(ExecutionException.class, closed::get).getCause());
        assertThrows(ClosedException.class, counter::get);
    }
}
