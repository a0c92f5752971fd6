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
import org.shmrt.text.FileNames;

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
        /** Kinds of events; the names of all but the last are JSON values. */
        enum Kind {
            /** It did not exist at the start. */
            WAITING,
            /** It has come into existence since. */
            CREATED,
            REMOVED,
            RECREATED,
            /** An unexpected error ended the thread. */
            FAILED
        }
    }

    /** What happens if there is no such stream at the start. */
    enum Start {
        /** The constructor fails. */
        MUST_EXIST,
        /** The stream is awaited. */
        MAY_APPEAR
    }

    private final Path path;
    private final FrameStatistics statistics;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Thread thread;
    /** Empty while there is no stream. */
    private Optional<ImageStream> stream;

    private volatile boolean closed;

    /** Opens the stream and starts. */
    StreamFollower(Path path, Start start) {
        this.path = path;
        this.stream = open(path, start);
        this.statistics = new FrameStatistics(System.nanoTime());
        // The thread may start after a short measurement has ended.
        stream.ifPresent(opened -> statistics.recordOpened(opened.status().cnt0()));
        this.thread = Thread.ofPlatform().daemon().name("watch").start(this::run);
    }

    private static Optional<ImageStream> open(Path path, Start start) {
        try {
            return Optional.of(ImageStream.open(path, Access.READ_ONLY));
        } catch (NotFoundException e) {
            if (start == Start.MUST_EXIST) {
                throw e;
            }
            return Optional.empty();
        }
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
            if (stream.isEmpty()) {
                report(Event.Kind.WAITING, FileNames.text(path) + " does not exist: waiting until it is created");
                awaitStream(Absence.NEVER_EXISTED);
            }
            while (!closed) {
                Verdict end = readFrames(stream.orElseThrow());
                closeStream();
                if (!closed) {
                    reopen(end);
                }
            }
        } catch (RuntimeException e) {
            report(Event.Kind.FAILED, e.getMessage());
        } finally {
            closeStream();
        }
    }

    private void closeStream() {
        stream.ifPresent(ImageStream::close);
        stream = Optional.empty();
    }

    /** Reads frames until the stream ends, and returns why. */
    private Verdict readFrames(ImageStream opened) {
        // Spins briefly, then sleeps for 50 to 80 us: sufficient for some kHz, at a tenth of a core.
        WaitStrategy wait = WaitStrategy.idle(new BackoffIdleStrategy(20, 5, 1_000, MAX_PARK_NS));
        try (FrameReader reader = opened.reader(wait)) {
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

    private void reopen(Verdict end) {
        if (end == Verdict.REMOVED) {
            reportRemoved();
        }
        awaitStream(end == Verdict.REMOVED ? Absence.REMOVED : Absence.REPLACED);
    }

    /** Why there is no stream. */
    private enum Absence {
        NEVER_EXISTED(Event.Kind.CREATED, " was created: "),
        REMOVED(Event.Kind.RECREATED, " exists again: "),
        REPLACED(Event.Kind.RECREATED, " was re-created: ");

        private final Event.Kind end;
        private final String message;

        Absence(Event.Kind end, String message) {
            this.end = end;
            this.message = message;
        }
    }

    /** Waits until the stream can be opened. */
    private void awaitStream(Absence reason) {
        Absence absence = reason;
        for (int attempt = 1; !closed; attempt++) {
            try {
                ImageStream opened = ImageStream.open(path, Access.READ_ONLY);
                stream = Optional.of(opened);
                report(absence.end, FileNames.text(path) + absence.message + opened.shape() + " " + opened.type());
                return;
            } catch (NotFoundException e) {
                if (absence == Absence.REPLACED) {
                    reportRemoved();
                    absence = Absence.REMOVED;
                }
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
        report(Event.Kind.REMOVED, FileNames.text(path) + " was removed: waiting until it is created again");
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
