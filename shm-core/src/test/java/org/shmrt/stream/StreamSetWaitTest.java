package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.testing.FileTruncation;

/** How the waits of a set sleep, wake and end, and that they restore the semaphores. */
@Timeout(600)
class StreamSetWaitTest extends SetFixture {
    private static final long TIMEOUT_NS = 60 * SECOND;

    private Thread waiting;

    /** Waits in a thread of its own, which is asleep on a number of semaphores when this returns. */
    private FutureTask<Verdict> start(int sleepsOn) {
        return start(sleepsOn, () -> set.awaitNewest(TIMEOUT_NS));
    }

    private FutureTask<Verdict> start(int sleepsOn, Callable<Verdict> wait) {
        FutureTask<Verdict> task = new FutureTask<>(wait);
        waiting = Thread.ofPlatform().start(task);
        awaitWaiters(sleepsOn);
        return task;
    }

    @ParameterizedTest
    @CsvSource({
        "dao dao dao, sem, 3",
        "milk milk milk, sem, 3",
        "dao milk dao8, hybrid, 3",
        "dao milk dao, alternating, 1",
        "milk, sem, 1"
    })
    void shouldBeWokenByEachStreamWithoutALossOfFrames(String formats, String wait, int sleepsOn)
            throws ExecutionException, InterruptedException {
        use(StreamSet.any(strategy(wait), createWithWriters(formats)), wait);
        for (int i = 1; i <= 30; i++) {
            FutureTask<Verdict> task = start(sleepsOn);
            int stream = i % streams.size();
            write(stream, i);
            assertEquals(Verdict.FRESH, task.get());
            assertEquals(i, value(stream));
            assertEquals(0, waiters());
        }
        assertEquals(streams.size() == 1 ? 30 : 10, set.totals(0).matched());
        assertExact();
    }

    @ParameterizedTest
    @CsvSource({"dao dao, sem", "milk milk, sem", "dao milk, alternating"})
    void shouldSleepOnlyOnTheStreamsWhoseFrameIsMissing(String formats, String wait)
            throws ExecutionException, InterruptedException {
        use(StreamSet.matchedById(strategy(wait), createWithWriters(formats)), wait);
        write(0, 1);
        FutureTask<Verdict> task = start(1);
        write(1, 1);
        assertEquals(Verdict.FRESH, task.get());
        assertEquals(0, waiters());
    }

    @ParameterizedTest
    @CsvSource({"dao dao, sem, 2", "milk milk, sem, 2", "dao milk, alternating, 1", "dao milk, spin, 0"})
    void shouldEndWhenItIsClosedByAnotherThread(String formats, String wait, int sleepsOn)
            throws ExecutionException, InterruptedException {
        use(StreamSet.all(strategy(wait), createWithWriters(formats)), wait);
        FutureTask<Verdict> task = start(sleepsOn);
        set.close();
        assertEquals(Verdict.CLOSED, task.get());
        assertEquals(-1, set.endedBy());
        assertEquals(0, waiters());
        assertEquals(Verdict.CLOSED, set.awaitNext(0));
    }

    @ParameterizedTest
    @CsvSource({"dao dao, sem, 2", "milk dao, alternating, 1", "milk milk, hybrid, 2"})
    void shouldEndWhenOneOfItsStreamsIsClosed(String formats, String wait, int sleepsOn)
            throws ExecutionException, InterruptedException {
        use(StreamSet.all(strategy(wait), createWithWriters(formats)), wait);
        FutureTask<Verdict> task = start(sleepsOn);
        try (ImageStream other = ImageStream.open(stream(1).path())) {
            stream(1).close();
            assertEquals(Verdict.CLOSED, task.get());
            assertEquals(1, set.endedBy());
            assertFalse(set.validate());
            streams.set(1, other);
            assertEquals(0, waiters());
        }
    }

    @ParameterizedTest
    @CsvSource({"dao dao, sem, 2", "milk milk, alternating, 1"})
    void shouldEndWhenItsThreadIsInterrupted(String formats, String wait, int sleepsOn)
            throws ExecutionException, InterruptedException {
        use(StreamSet.all(strategy(wait), createWithWriters(formats)), wait);
        FutureTask<Verdict> task = start(sleepsOn);
        waiting.interrupt();
        assertEquals(Verdict.CLOSED, task.get());
        assertEquals(-1, set.endedBy());
        assertEquals(0, waiters());
        write(0, 1);
        write(1, 1);
        assertEquals(Verdict.FRESH, set.awaitNewest(0));
    }

    @ParameterizedTest
    @CsvSource({"dao dao, sem, 2", "milk milk, sem, 2", "dao milk, alternating, 1", "milk dao, spin, 0"})
    void shouldReportAStreamThatIsRemovedOrCreatedAgain(String formats, String wait, int sleepsOn)
            throws ExecutionException, InterruptedException {
        use(StreamSet.all(strategy(wait), createWithWriters(formats)), wait);
        write(0, 1);
        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(0));
        String second = formats.split(" ")[1];
        FutureTask<Verdict> task = start(Math.min(1, sleepsOn));
        try (ImageStream next =
                ImageStream.create(stream(1).path(), spec(second).replacingExisting())) {
            assertEquals(Verdict.RECREATED, task.get());
            assertEquals(1, set.endedBy());
            assertEquals(Verdict.RECREATED, set.verdict(1));
            assertEquals(Verdict.FRESH, set.verdict(0));
            assertExact();

            stream(1).close();
            streams.set(1, next);
            set.switchTo(streams);
            writers.set(1, next.writer());
            write(0, 2);
            write(1, 2);
            assertEquals(Verdict.FRESH, set.awaitNewest(SECOND));
            task = start(sleepsOn);
            ImageStream.remove(next.path());
            assertEquals(Verdict.REMOVED, task.get());
            assertEquals(1, set.endedBy());
        }
        streams.remove(1);
        assertEquals(0, waiters());
    }

    @ParameterizedTest
    @CsvSource({"dao dao, sem, 2", "milk milk, sem, 2", "milk dao, alternating, 1", "milk milk, spin, 0"})
    void shouldReportAStreamThatIsTruncated(String formats, String wait, int sleepsOn)
            throws ExecutionException, InterruptedException {
        use(StreamSet.all(strategy(wait), createWithWriters(formats)), wait);
        FutureTask<Verdict> task = start(sleepsOn);
        FileTruncation.truncate(stream(1).path(), 0);
        assertEquals(Verdict.RECREATED, task.get());
        assertEquals(1, set.endedBy());
        assertEquals(Verdict.RECREATED, set.awaitNext(TIMEOUT_NS));
        assertFalse(set.validate());
        set.close();
        streams.remove(1).close();
        assertEquals(0, waiters());
        unlinkSemaphores("s1");
    }

    private void unlinkSemaphores(String stream) {
        scratch.semaphores().stream()
                .filter(name -> name.startsWith(scratch.prefix() + stream + "_"))
                .forEach(Semaphore::unlink);
    }

    @Test
    void shouldContinueWithANewSemaphoreWhenItsFileIsTruncated() throws ExecutionException, InterruptedException {
        use(StreamSet.any(WaitStrategy.semaphore(), createWithWriters("dao dao")), "sem");
        FutureTask<Verdict> task = start(2);
        for (String name : stream(1).layout().semaphores().names()) {
            FileTruncation.truncate(Semaphore.file(name), 0);
            Semaphore.unlink(name);
        }
        write(1, 1);
        assertEquals(Verdict.FRESH, task.get());
        task = start(2);
        write(1, 2);
        assertEquals(Verdict.FRESH, task.get());
        assertEquals(0, waiters());
    }

    @ParameterizedTest
    @CsvSource({"dao dao, sem, 2", "dao dao, alternating, 1"})
    void shouldWaitOnAfterAPostWithoutAFrame(String formats, String wait, int sleepsOn)
            throws ExecutionException, InterruptedException {
        use(StreamSet.any(strategy(wait), createWithWriters(formats)), wait);
        FutureTask<Verdict> task = start(sleepsOn);
        SemaphoreLayout layout = stream(0).layout().semaphores();
        try (Arena arena = Arena.ofConfined()) {
            for (String name : layout.names()) {
                Semaphore foreign = Semaphore.open(name, OwnProcess.userId(), arena);
                for (int i = 0; i < 3; i++) {
                    foreign.post();
                }
            }
            Thread.sleep(20);
            assertFalse(task.isDone());
            write(1, 1);
            assertEquals(Verdict.FRESH, task.get());
            assertTrue(set.isFresh(1) && !set.isFresh(0));
            assertEquals(totals(0, 0, 0, 0, 0), set.totals(0));
        }
        assertEquals(0, waiters());
    }

    @ParameterizedTest
    @CsvSource({"dao dao, sem, 2", "milk milk, alternating, 1"})
    void shouldFindTheFrameOfAWriterThatDoesNotPost(String formats, String wait, int sleepsOn)
            throws ExecutionException, InterruptedException {
        use(StreamSet.any(strategy(wait), createWithWriters(formats)), wait);
        FutureTask<Verdict> task = start(sleepsOn);
        writers.get(1).claim().fill((byte) 1);
        writers.get(1).commit(1, 1);
        assertEquals(Verdict.FRESH, task.get());
        assertEquals(0, waiters());
    }

    @Test
    void shouldParkInAVirtualThread() throws ExecutionException, InterruptedException {
        use(StreamSet.all(WaitStrategy.semaphore(), createWithWriters("dao milk")), "sem");
        FutureTask<Verdict> task = new FutureTask<>(() -> set.awaitNewest(TIMEOUT_NS));
        Thread thread = Thread.ofVirtual().start(task);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertEquals(0, waiters());
        write(0, 1);
        write(1, 1);
        assertEquals(Verdict.FRESH, task.get());
    }

    /**
     * Warms up, then measures rounds; the minimum counts, because the JIT compiler may be busy in some. It uses the
     * processor that is left to it, so the rounds go on until it was there.
     */
    @ParameterizedTest
    @ValueSource(strings = {"spin", "sem", "hybrid"})
    void shouldAllocateNothing(String wait) {
        use(StreamSet.matchedById(strategy(wait), createWithWriters("dao8 milk")), wait);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = 0;
        long min = Long.MAX_VALUE;
        long startNs = System.nanoTime();
        for (int round = 0; round < 10 || (min > 0 && System.nanoTime() - startNs < TIMEOUT_NS); round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            id = matchAndTimeOut(id, 100);
            min = Math.min(min, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, min, "bytes of 100 matches, 100 frames without a partner and 100 timeouts");
        assertExact();
    }

    private long matchAndTimeOut(long first, int times) {
        long id = first;
        for (int i = 0; i < times; i++) {
            id++;
            writeQuick(0, id);
            writeQuick(0, ++id);
            writeQuick(1, id);
            Verdict verdict = set.awaitNewest(SECOND);
            boolean whole = verdict == Verdict.SKIPPED && set.frameId(0) == id && set.acquiredNs(1) == id;
            whole &= set.validate() && set.frame(0).byteSize() == set.frame(1).byteSize();
            whole &= set.awaitNext(2_000) == Verdict.TIMED_OUT;
            assertTrue(whole);
        }
        return id;
    }

    private void writeQuick(int stream, long id) {
        FrameWriter writer = writers.get(stream);
        writer.frameId(id);
        writer.claim();
        writer.publish(id);
    }
}
