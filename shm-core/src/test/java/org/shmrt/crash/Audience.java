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

/** A reader of a stream in a thread of its own, which waits for frames all the time and notes what it gets. */
final class Audience implements AutoCloseable {
    private static final long TIMEOUT_NS = 20_000_000_000L;

    /**
     * What one wait brought.
     *
     * @param verdict of the wait
     * @param count of the frame
     * @param isWhole whether the frame is what its count says, if there is one
     * @param atNs when that was
     */
    record Report(Verdict verdict, long count, boolean isWhole, long atNs) {}

    private final ImageStream stream;
    private final FrameReader reader;
    private final BiPredicate<MemorySegment, Long> whole;
    private final Thread thread;
    private final String strategy;
    private final List<Report> reports = new ArrayList<>();
    private volatile boolean ended;

    Audience(Path path, WaitStrategy wait, String strategy, BiPredicate<MemorySegment, Long> whole) {
        this.stream = ImageStream.open(path);
        this.reader = stream.reader(wait);
        this.strategy = strategy;
        this.whole = whole;
        this.thread = Thread.ofPlatform().daemon().start(this::listen);
    }

    private void listen() {
        MemorySegment mine =
                MemorySegment.ofArray(new byte[(int) stream.layout().frameBytes()]);
        while (!ended) {
            Verdict verdict = reader.read(mine, TIMEOUT_NS);
            long atNs = System.nanoTime();
            boolean isWhole = verdict.hasFrame() && whole.test(mine, reader.count());
            if (verdict != Verdict.TIMED_OUT) { // it waits for as long as the victim takes
                add(new Report(verdict, reader.count(), isWhole, atNs));
            }
            if (verdict == Verdict.RECREATED || verdict == Verdict.REMOVED || verdict == Verdict.CLOSED) {
                return;
            }
        }
    }

    private synchronized void add(Report report) {
        reports.add(report);
        notifyAll();
    }

    int semaphoreIndex() {
        return reader.semaphoreIndex();
    }

    /**
     * Waits until it has got something.
     *
     * @param what for the message
     * @param sinceNs from when on it should have been
     * @return how many nanoseconds later that was, on a machine that does not stand still
     */
    long expect(Predicate<Report> wanted, String what, long sinceNs) {
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        synchronized (this) {
            while (true) {
                for (Report report : reports) {
                    if (report.verdict().hasFrame() && !report.isWhole()) {
                        throw new AssertionError(strategy + " reader accepted a torn frame: " + reports);
                    }
                    if (wanted.test(report)) {
                        return Stalls.lateness(sinceNs, report.atNs());
                    }
                }
                long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    throw new AssertionError(strategy + " reader got no " + what + " but " + reports);
                }
                try {
                    wait(leftMs);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** What it has got so far. */
    synchronized List<Report> reports() {
        return List.copyOf(reports);
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
