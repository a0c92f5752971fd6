package org.shmrt.cli.monitor;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/**
 * Reads every frame of a stream in a thread of its own, read-only, and reopens the stream when it is removed or
 * re-created. The owner takes the statistics and the events, in one thread.
 */
final class StreamFollower implements AutoCloseable {
    private static final long WAIT_NS = 200_000_000L;
    private static final long REOPEN_PERIOD_NS = 100_000_000L;
    private static final long MAX_PARK_NS = 20_000L;
    /** Failed attempts to open a stream before the reason is reported. */
    private static final int QUIET_ATTEMPTS = 10;

    /**
     * Something that happened to the stream.
     *
     * @param kind what happened
     * @param message a sentence for the user
     */
    record Event(Kind kind, String message) {
        /** Kinds of events; the names of the first two are JSON values. */
        enum Kind {
            REMOVED,
            RECREATED,
            /** An unexpected error ended the thread. */
            FAILED
        }
    }

    private final Path path;
    private final FrameStatistics statistics;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Thread thread;
    private ImageStream stream;
    private volatile boolean closed;

    /** Opens the stream, which must exist, and starts. */
    StreamFollower(Path path) {
        this.path = path;
        this.stream = ImageStream.open(path, Access.READ_ONLY);
        this.statistics = new FrameStatistics(System.nanoTime());
        this.thread = Thread.ofPlatform().daemon().name("watch").start(this::run);
    }

    FrameStatistics statistics() {
        return statistics;
    }

    /** Waits for the next event; empty after the timeout. */
    Optional<Event> awaitEvent(long timeoutNs) throws InterruptedException {
        return Optional.ofNullable(events.poll(timeoutNs, TimeUnit.NANOSECONDS));
    }

    private void run() {
        try {
            while (!closed) {
                Verdict end = readFrames();
                stream.close();
                if (!closed) {
                    reopen(end);
                }
            }
        } catch (RuntimeException e) {
            report(Event.Kind.FAILED, e.getMessage());
        } finally {
            stream.close();
        }
    }

    /** Reads frames until the stream ends, and returns why. */
    private Verdict readFrames() {
        // Spins briefly, then sleeps for 50 to 80 us: sufficient for some kHz, at a tenth of a core.
        WaitStrategy wait = WaitStrategy.idle(new BackoffIdleStrategy(20, 5, 1_000, MAX_PARK_NS));
        try (FrameReader reader = stream.reader(wait)) {
            statistics.recordOpened(reader.count());
            while (!closed) {
                Verdict verdict = reader.awaitNext(WAIT_NS);
                if (verdict.hasFrame()) {
                    long arrivalNs = System.nanoTime();
                    long acquiredNs = reader.acquiredNs();
                    if (reader.validate()) {
                        statistics.recordFrame(reader.count(), reader.lost(), acquiredNs, arrivalNs);
                    } else {
                        statistics.recordOverwritten(reader.lost());
                    }
                } else if (verdict == Verdict.STALE_WRITER) {
                    statistics.recordStuck();
                } else if (verdict != Verdict.TIMED_OUT) {
                    return verdict;
                }
            }
        }
        return Verdict.CLOSED;
    }

    /** Waits until the stream can be opened again. */
    private void reopen(Verdict end) {
        boolean removed = end == Verdict.REMOVED;
        if (removed) {
            reportRemoved();
        }
        for (int attempt = 1; !closed; attempt++) {
            try {
                stream = ImageStream.open(path, Access.READ_ONLY);
                report(
                        Event.Kind.RECREATED,
                        path + (removed ? " exists again: " : " was re-created: ") + stream.shape() + " "
                                + stream.type());
                return;
            } catch (NotFoundException e) {
                if (!removed) {
                    reportRemoved();
                }
                removed = true;
            } catch (ShmException e) {
                // A program that creates a stream in place needs a moment; a lasting failure is reported.
                if (attempt == QUIET_ATTEMPTS) {
                    report(Event.Kind.REMOVED, e.getMessage());
                }
            }
            LockSupport.parkNanos(REOPEN_PERIOD_NS);
        }
    }

    private void reportRemoved() {
        report(Event.Kind.REMOVED, path + " was removed: waiting until it is created again");
    }

    private void report(Event.Kind kind, String message) {
        events.add(new Event(kind, message));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
