package org.shmrt.cli.verb;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C or a TERM signal while a verb has something to finish, for example the file of a recording. The JVM stops from
 * another thread: this object interrupts the thread of the verb where that does no harm, and lets the JVM exit when the
 * verb closes it. The exit status remains that of the signal.
 */
public final class StopSignal implements AutoCloseable {
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final Thread worker = Thread.currentThread();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Duration limit;
    private final Thread hook = new Thread(this::stop, "stop-signal");
    private boolean interruptible;
    private boolean received;

    /** For the calling thread. The JVM exits without it after {@code limit}. */
    public StopSignal(Duration limit) {
        this.limit = limit;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        synchronized (this) {
            received = true;
            if (interruptible) {
                worker.interrupt();
            }
        }
        try {
            finished.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // the JVM exits anyway
        }
    }

    /** Whether the signal has come. */
    public synchronized boolean isReceived() {
        return received;
    }

    /** Work that an interrupt ends. */
    @FunctionalInterface
    public interface Work {
        /** Does the work. */
        void run() throws InterruptedException;
    }

    /** Runs work that the signal ends, which is its normal end. Afterwards the thread is not interrupted. */
    public void runUntilReceived(Work work) {
        try {
            allowInterrupt();
            work.run();
        } catch (InterruptedException e) {
            // the normal end
        } finally {
            forbidInterrupt();
        }
    }

    /** Sleeps until the thread is interrupted: the end of the work of a server. */
    public static void sleepForever() throws InterruptedException {
        Thread.sleep(FOREVER);
    }

    /** From here on, the signal interrupts the thread, immediately if it has already come. */
    public synchronized void allowInterrupt() {
        interruptible = true;
        if (received) {
            worker.interrupt();
        }
    }

    /** From here on, the thread is not interrupted: it writes a file, which an interrupt would damage. */
    public synchronized void forbidInterrupt() {
        interruptible = false;
        if (received) {
            Thread.interrupted();
        }
    }

    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is already shutting down
        }
    }
}
