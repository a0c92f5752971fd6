package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of more streams than one call of futex_waitv can have. */
@Timeout(600)
class StreamSetManyTest extends SetFixture {
    private static final int STREAMS = 200;
    private static final long TIMEOUT_NS = 60 * SECOND;

    private Thread waiting;

    private FutureTask<Verdict> start() {
        FutureTask<Verdict> task = new FutureTask<>(() -> set.awaitNewest(TIMEOUT_NS));
        waiting = Thread.ofPlatform().start(task);
        awaitWaiters(1);
        return task;
    }

    private ImageStream[] createMany() {
        return createWithWriters("milk ".repeat(STREAMS).strip());
    }

    /** All streams in an order of arrival: by index, backwards, or at random. */
    private static List<Integer> order(String name) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, STREAMS).boxed().toList());
        switch (name) {
            case "backwards" -> Collections.reverse(order);
            case "random" -> Collections.shuffle(order, new Random(7));
            default -> {}
        }
        return order;
    }

    @ParameterizedTest
    @ValueSource(strings = {"forwards", "backwards", "random"})
    void shouldSleepOnOneStreamUntilEachHasAFrame(String order) throws ExecutionException, InterruptedException {
        use(StreamSet.all(WaitStrategy.semaphore(), createMany()), "sem");
        assertEquals(StreamSet.SleepMethod.ONE, set.sleepMethod());
        for (int round = 1; round <= 3; round++) {
            FutureTask<Verdict> task = start();
            for (int stream : order(order)) {
                write(stream, round);
            }
            assertEquals(Verdict.FRESH, task.get());
            for (int i = 0; i < STREAMS; i++) {
                assertEquals(round, value(i));
            }
            assertEquals(0, waiters());
        }
        assertExact();
    }

    @Test
    void shouldMatchTheIdsOfManyStreams() throws ExecutionException, InterruptedException {
        use(StreamSet.matchedById(WaitStrategy.hybrid(10_000), createMany()), "hybrid");
        for (int round = 1; round <= 3; round++) {
            FutureTask<Verdict> task = start();
            for (int stream : order("random")) {
                write(stream, round);
            }
            assertEquals(Verdict.FRESH, task.get());
            assertEquals(round, set.frameId(STREAMS - 1));
        }
        assertExact();
    }

    @Test
    void shouldBeWokenByAnyOfManyStreams() throws ExecutionException, InterruptedException {
        use(StreamSet.any(WaitStrategy.semaphore(), createMany()), "sem");
        assertEquals(StreamSet.SleepMethod.ALTERNATING, set.sleepMethod());
        for (int stream : List.of(0, STREAMS - 1, 77)) {
            FutureTask<Verdict> task = start();
            write(stream, 5);
            assertEquals(Verdict.FRESH, task.get());
            for (int i = 0; i < STREAMS; i++) {
                assertEquals(i == stream, set.isFresh(i));
            }
            assertEquals(0, waiters());
        }
        assertExact();
    }

    @Test
    void shouldEndWhenAStreamThatItDoesNotSleepOnIsClosedOrTheSetIs() throws ExecutionException, InterruptedException {
        use(StreamSet.all(WaitStrategy.semaphore(), createMany()), "sem");
        FutureTask<Verdict> task = start();
        stream(STREAMS / 2).close();
        assertEquals(Verdict.CLOSED, task.get());
        assertEquals(STREAMS / 2, set.endedBy());

        ImageStream again = ImageStream.open(stream(STREAMS / 2).path());
        streams.set(STREAMS / 2, again);
        set.switchTo(streams);
        task = start();
        waiting.interrupt();
        assertEquals(Verdict.CLOSED, task.get());
        task = start();
        set.close();
        assertEquals(Verdict.CLOSED, task.get());
        assertEquals(0, waiters());
        assertTrue(set.endedBy() < 0);
    }
}
