package org.shmrt.record;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.shmrt.error.ShmException;

/**
 * Writes the frames of all streams to files, in one thread: every few hundredths of a second what has arrived. A second
 * thread forces the files to the disk meanwhile.
 */
final class DiskThread {
    private static final long PERIOD_NS = 50_000_000L;
    private static final long CLEAN_UP_NS = 1_000_000_000L;
    /** After the end, frames that cannot be written are given up after this time. */
    private static final long GIVE_UP_NS = 2_000_000_000L;

    private final List<StreamFiles> streams;
    private final Retention retention;
    private final Consumer<String> findings;
    private final Runnable atEnd;
    private final ExecutorService forceThread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "record-disk");

    DiskThread(
            List<StreamFiles> streams,
            Retention retention,
            Consumer<String> findings,
            Runnable atEnd,
            ExecutorService forceThread) {
        this.streams = streams;
        this.retention = retention;
        this.findings = findings;
        this.atEnd = atEnd;
        this.forceThread = forceThread;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** Waits for the end; false if it has not come in time. */
    boolean awaitEnd(long timeoutNs) throws InterruptedException {
        return ended.await(timeoutNs, TimeUnit.NANOSECONDS);
    }

    boolean isEnded() {
        return ended.getCount() == 0;
    }

    private void run() {
        try {
            work();
            streams.forEach(StreamFiles::end);
            removeOld();
        } catch (RuntimeException | Error e) {
            findings.accept("the recorder failed: " + e);
            stopIntakes();
        } finally {
            forceThread.shutdown();
            release();
            ended.countDown();
        }
    }

    /** Waits for the intakes too: they use the memory and the streams that are released next. */
    private void stopIntakes() {
        streams.forEach(stream -> stream.intake().stop());
        while (!streams.stream().allMatch(stream -> stream.intake().isEnded())) {
            LockSupport.parkNanos(PERIOD_NS);
        }
    }

    private void release() {
        try {
            streams.forEach(StreamFiles::closeRest);
            atEnd.run();
        } catch (RuntimeException | Error e) {
            findings.accept("the recorder could not release all that it used: " + e);
        }
    }

    private void work() {
        long cleanedNs = System.nanoTime();
        long intakesEndedNs = 0;
        while (true) {
            boolean any = false;
            for (StreamFiles stream : streams) {
                any |= stream.drain();
                stream.flush();
            }
            long nowNs = System.nanoTime();
            if (nowNs - cleanedNs >= CLEAN_UP_NS) {
                streams.forEach(StreamFiles::finishRest);
                removeOld();
                cleanedNs = nowNs;
            }
            if (streams.stream().allMatch(StreamFiles::isDrained)) {
                return;
            }
            if (streams.stream().allMatch(stream -> stream.intake().isEnded())) {
                intakesEndedNs = intakesEndedNs == 0 ? nowNs : intakesEndedNs;
                if (!any && nowNs - intakesEndedNs > GIVE_UP_NS) {
                    streams.forEach(StreamFiles::abandon);
                    return;
                }
            }
            if (!any) {
                LockSupport.parkNanos(PERIOD_NS);
            }
        }
    }

    private void removeOld() {
        try {
            retention.enforce(streams.stream()
                    .flatMap(stream -> stream.current().stream())
                    .collect(Collectors.toSet()));
        } catch (ShmException e) {
            findings.accept(e.getMessage());
        }
    }
}
