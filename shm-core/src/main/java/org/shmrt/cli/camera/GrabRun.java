package org.shmrt.cli.camera;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.Grabber;
import org.shmrt.camera.SourceOptions;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/**
 * One run of {@code shm grab}: a thread that grabs, and opens the source again if that is wanted. All methods are for the
 * thread of the verb.
 */
final class GrabRun implements AutoCloseable {
    private static final long RETRY_MS = 500;
    private static final long JOIN_MS = 2000;

    /** What follows the end or a failure of the source. */
    enum AtEnd {
        STOP,
        RECONNECT
    }

    /** What to do. Immutable. */
    record Plan(
            String source,
            SourceOptions options,
            Path stream,
            String format,
            Optional<String> layout,
            OptionalInt depth,
            boolean replace,
            long maxFrames,
            AtEnd atEnd,
            Consumer<String> remarks) {}

    /** The result. Immutable. */
    record Totals(
            long frames,
            long lost,
            long damaged,
            long late,
            int reconnected,
            long cnt0,
            double seconds,
            long frameBytes) {
        /** N frames span N - 1 periods. */
        double rateHz() {
            return frames > 1 && seconds > 0 ? (frames - 1) / seconds : 0;
        }

        double megabytesPerSecond() {
            return rateHz() * frameBytes / 1e6;
        }
    }

    private final Plan plan;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "grab");
    private final Object lock = new Object();
    private String shownRemark = "";
    private ImageStream stream;
    private FrameSource source;

    /** Guarded by the lock, as is all that follows. */
    private Grabber grabber;

    /** Whether the grabber is at work, and not between two sources. */
    private boolean live;

    private Grabber.Counts before = new Grabber.Counts(0, 0, 0, 0, 0, 0);
    private int reconnected;
    private long lastCount;
    private boolean stopped;
    private Optional<ShmException> failure = Optional.empty();

    GrabRun(Plan plan) {
        this.plan = plan;
        thread.setDaemon(true);
    }

    /** Opens source and stream, so that their failures are those of the verb, and starts to grab. */
    void start() {
        source = FrameSource.open(plan.source, plan.options);
        try {
            StreamSpec spec = Grabber.spec(plan.format, source.format(), plan.depth.orElse(source.preferredDepth()))
                    .withVariant(plan.layout.orElse(null));
            stream = Grabber.createOrOpen(plan.stream, plan.replace ? spec.replacingExisting() : spec);
            stream.creationWarning().ifPresent(warning -> plan.remarks.accept("warning: " + warning));
            grabber = new Grabber(source, stream);
            live = true;
        } catch (RuntimeException | Error e) {
            source.close();
            if (stream != null) {
                stream.close();
            }
            throw e;
        }
        remark(source);
        thread.start();
    }

    /** Shows the source's remark, if it has changed since it was shown last. */
    private void remark(FrameSource of) {
        String text = of.remark();
        if (!text.isEmpty() && !text.equals(shownRemark)) {
            plan.remarks.accept(text);
        }
        shownRemark = text;
    }

    private void run() {
        try {
            while (true) {
                long left;
                Grabber current;
                synchronized (lock) {
                    left = plan.maxFrames - before.published();
                    current = grabber;
                }
                if (grab(current, left) || plan.atEnd == AtEnd.STOP || !reopen()) {
                    return;
                }
            }
        } catch (ShmException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(new ShmException("unexpected failure while grabbing: " + e, e));
        } finally {
            ended.countDown();
        }
    }

    private void fail(ShmException e) {
        synchronized (lock) {
            failure = Optional.of(e);
        }
    }

    /** Whether all frames were grabbed. A failure of the source is reported if the source is to be opened again. */
    private boolean grab(Grabber current, long left) {
        try {
            boolean all = current.run(left);
            if (!all && plan.atEnd == AtEnd.RECONNECT && !isStopped()) {
                plan.remarks.accept(plan.source + " has ended: opening it again");
            }
            return all;
        } catch (ShmException e) {
            if (plan.atEnd == AtEnd.STOP) {
                throw e;
            }
            plan.remarks.accept(e.getMessage() + ": opening it again");
            return false;
        }
    }

    private boolean isStopped() {
        synchronized (lock) {
            return stopped;
        }
    }

    /** Opens the source until that succeeds; false if the run was stopped. */
    private boolean reopen() {
        FrameSource ended;
        synchronized (lock) {
            before = total();
            live = false;
            grabber.close();
            ended = source;
        }
        remark(ended);
        String lastReason = "";
        while (!isStopped()) {
            try {
                return startWith(FrameSource.open(plan.source, plan.options));
            } catch (IncompatibleException e) {
                throw e; // of another size or type now
            } catch (ShmException e) {
                if (!e.getMessage().equals(lastReason)) {
                    lastReason = e.getMessage();
                    plan.remarks.accept(lastReason + ": trying again until Ctrl-C");
                }
            }
            try {
                Thread.sleep(RETRY_MS);
            } catch (InterruptedException e) {
                return false;
            }
        }
        return false;
    }

    private boolean startWith(FrameSource next) {
        synchronized (lock) {
            if (!stopped) {
                try {
                    grabber = new Grabber(next, stream);
                } catch (RuntimeException | Error e) {
                    next.close();
                    throw e;
                }
                source = next;
                live = true;
                reconnected++;
                return true;
            }
        }
        next.close();
        return false;
    }

    private Grabber.Counts total() {
        if (!live) {
            return before;
        }
        Grabber.Counts now = grabber.counts();
        return new Grabber.Counts(
                before.published() + now.published(),
                before.lost() + now.lost(),
                before.damaged() + now.damaged(),
                before.late() + now.late(),
                before.published() > 0 ? before.firstPublishedNs() : now.firstPublishedNs(),
                now.published() > 0 || before.published() == 0 ? now.lastPublishedNs() : before.lastPublishedNs());
    }

    /** Waits for the end of the run; false if it did not end in time. */
    boolean awaitEnd(long timeoutNs) throws InterruptedException {
        return ended.await(timeoutNs, TimeUnit.NANOSECONDS);
    }

    /** Ends the current source, which opens it again if the plan says so. */
    void restart(String reason) {
        synchronized (lock) {
            plan.remarks.accept(plan.source + ": " + reason);
            grabber.close();
        }
    }

    void storeKeywords() {
        synchronized (lock) {
            if (live) {
                grabber.storeKeywords();
            }
        }
    }

    /** How long ago the source delivered a frame or was opened; 0 while it is closed. */
    long sinceLastFrameNs() {
        synchronized (lock) {
            return live ? System.nanoTime() - grabber.counts().lastPublishedNs() : 0;
        }
    }

    /** The frames so far. */
    Totals totals() {
        synchronized (lock) {
            Grabber.Counts counts = total();
            return new Totals(
                    counts.published(),
                    counts.lost(),
                    counts.damaged(),
                    counts.late(),
                    reconnected,
                    lastCount,
                    (counts.lastPublishedNs() - counts.firstPublishedNs()) / 1e9,
                    source.format().frameBytes());
        }
    }

    /** Why the run ended early; empty if it did not. */
    Optional<ShmException> failure() {
        synchronized (lock) {
            return failure;
        }
    }

    /** Ends the run and closes source and stream. The totals remain. */
    @Override
    public void close() {
        synchronized (lock) {
            if (stopped || grabber == null) {
                return;
            }
            stopped = true;
            grabber.close();
        }
        thread.interrupt();
        try {
            thread.join(JOIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (lock) {
            if (thread.isAlive()) {
                return; // a source that does not end; the process will
            }
            try {
                lastCount = stream.status().cnt0();
                remark(source);
                storeKeywords();
            } catch (ShmException e) {
                failure = failure.isPresent() ? failure : Optional.of(e);
            }
            stream.close();
        }
    }
}
