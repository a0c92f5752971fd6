package org.shmrt.cli.monitor;

import java.nio.file.Path;
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
 * Looks at every frame of a stream in a thread of its own, read-only, and follows the stream when it is removed or
 * created anew. Whoever made it takes the measurements and the events.
 */
final class StreamFollower implements AutoCloseable {
    private static final long WAIT_NS = 200_000_000L;
    private static final long RETRY_NS = 100_000_000L;
    private static final long LONGEST_PARK_NS = 20_000L;
    /** How often a stream that cannot be opened is tried before the reason is told. */
    private static final int PATIENT_ATTEMPTS = 10;

    /**
     * Something that happened to the stream.
     *
     * @param word {@code removed}, {@code recreated}, or {@code failed} for an error nobody foresaw
     * @param text for people
     */
    record Event(String word, String text) {}

    private final Path path;
    private final FrameMeter meter;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Thread thread;
    private ImageStream stream;
    private volatile boolean over;

    /** Opens the stream, which must be there, and begins. */
    StreamFollower(Path path) {
        this.path = path;
        this.stream = ImageStream.open(path, Access.READ_ONLY);
        this.meter = new FrameMeter(System.nanoTime());
        this.thread = Thread.ofPlatform().daemon().name("watch").start(this::run);
    }

    FrameMeter meter() {
        return meter;
    }

    /** The next event, or null if there is none for so long. */
    Event event(long timeoutNs) throws InterruptedException {
        return events.poll(timeoutNs, TimeUnit.NANOSECONDS);
    }

    private void run() {
        try {
            while (!over) {
                Verdict gone = follow();
                stream.close();
                if (!over) {
                    reopen(gone);
                }
            }
        } catch (RuntimeException e) {
            events.add(new Event("failed", e.getMessage()));
        } finally {
            stream.close();
        }
    }

    /** Reads until there is nothing more to read, and tells why. */
    private Verdict follow() {
        // Spins for a moment, then sleeps for 50 to 80 us: enough for some kHz, at a tenth of a core.
        WaitStrategy wait = WaitStrategy.idle(new BackoffIdleStrategy(20, 5, 1_000, LONGEST_PARK_NS));
        try (FrameReader reader = stream.reader(wait)) {
            meter.begin(reader.count());
            while (!over) {
                Verdict verdict = reader.awaitNext(WAIT_NS);
                if (verdict.hasFrame()) {
                    long arrivalNs = System.nanoTime();
                    long acquiredNs = reader.acquiredNs();
                    if (reader.validate()) {
                        meter.frame(reader.count(), reader.lost(), acquiredNs, arrivalNs);
                    } else {
                        meter.overwritten(reader.lost());
                    }
                } else if (verdict == Verdict.STALE_WRITER) {
                    meter.stuck();
                } else if (verdict != Verdict.TIMED_OUT) {
                    return verdict;
                }
            }
        }
        return Verdict.CLOSED;
    }

    /** Waits until the stream can be opened again. */
    private void reopen(Verdict gone) {
        boolean removed = gone == Verdict.REMOVED;
        if (removed) {
            tellRemoved();
        }
        for (int attempt = 1; !over; attempt++) {
            try {
                stream = ImageStream.open(path, Access.READ_ONLY);
                events.add(new Event(
                        "recreated",
                        path + (removed ? " is back: " : " was created anew: ") + stream.shape() + " "
                                + stream.type()));
                return;
            } catch (NotFoundException e) {
                if (!removed) {
                    tellRemoved();
                }
                removed = true;
            } catch (ShmException e) {
                // A program that creates in place needs a moment; what stays like this is worth a word.
                if (attempt == PATIENT_ATTEMPTS) {
                    events.add(new Event("removed", e.getMessage()));
                }
            }
            LockSupport.parkNanos(RETRY_NS);
        }
    }

    private void tellRemoved() {
        events.add(new Event("removed", path + " was removed: waiting for it to come back"));
    }

    @Override
    public void close() {
        over = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
