package org.shmrt.crash;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/** Reads a stream in its own thread: waits for frames continuously and records the result of each wait. */
final class ObservingReader implements AutoCloseable {
    private static final long TIMEOUT_NS = 20_000_000_000L;

    /**
     * The result of one wait.
     *
     * @param verdict of the wait
     * @param count of the frame
     * @param isWhole whether the frame, if any, has the content that its count implies
     * @param atNs when the wait returned, as {@link System#nanoTime()}
     * @param queuedNs for how long the thread was ready to run during the wait, but had no core
     */
    record Observation(Verdict verdict, long count, boolean isWhole, long atNs, long queuedNs) {}

    private final ImageStream stream;
    private final FrameReader reader;
    private final BiPredicate<MemorySegment, Long> whole;
    private final Thread thread;
    private final String strategy;
    private final List<Observation> observations = new ArrayList<>();
    private volatile boolean ended;

    ObservingReader(Path path, WaitStrategy wait, String strategy, BiPredicate<MemorySegment, Long> whole) {
        this.stream = ImageStream.open(path);
        this.reader = stream.reader(wait);
        this.strategy = strategy;
        this.whole = whole;
        this.thread = Thread.ofPlatform().daemon().start(this::listen);
    }

    private void listen() {
        MemorySegment buffer =
                MemorySegment.ofArray(new byte[(int) stream.layout().frameBytes()]);
        while (!ended) {
            long queuedNs = StallMonitor.queuedNs();
            Verdict verdict = reader.read(buffer, TIMEOUT_NS);
            long atNs = System.nanoTime();
            queuedNs = StallMonitor.queuedNs() - queuedNs;
            boolean isWhole = verdict.hasFrame() && whole.test(buffer, reader.count());
            if (verdict != Verdict.TIMED_OUT) { // the target may take longer than one timeout
                add(new Observation(verdict, reader.count(), isWhole, atNs, queuedNs));
            }
            if (verdict == Verdict.RECREATED || verdict == Verdict.REMOVED || verdict == Verdict.CLOSED) {
                return;
            }
        }
    }

    private synchronized void add(Observation observation) {
        observations.add(observation);
        notifyAll();
    }

    int semaphoreIndex() {
        return reader.semaphoreIndex();
    }

    /**
     * Waits until a matching observation was made.
     *
     * @param what the expected observation, for the error message
     * @param sinceNs when the observed event happened
     * @return nanoseconds between the event and the observation, less the time for which the machine stalled
     *     or gave this thread no core
     */
    long expect(Predicate<Observation> wanted, String what, long sinceNs) {
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        synchronized (this) {
            while (true) {
                for (Observation observation : observations) {
                    if (observation.verdict().hasFrame() && !observation.isWhole()) {
                        throw new AssertionError(strategy + " reader accepted a torn frame: " + observations);
                    }
                    if (wanted.test(observation)) {
                        return StallMonitor.lateness(sinceNs, observation.atNs(), observation.queuedNs());
                    }
                }
                long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    throw new AssertionError(strategy + " reader did not observe " + what + ", only " + observations);
                }
                try {
                    wait(leftMs);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** All observations so far. */
    synchronized List<Observation> observations() {
        return List.copyOf(observations);
    }

    @Override
    public void close() {
        ended = true;
        stream.close();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
