package org.shmrt.cli.verb;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C or a TERM signal while a verb has something to finish, for example the file of a recording. The JVM stops from
 * another thread: this one interrupts the thread of the verb and lets the JVM exit when the verb closes this object.
 * The exit status remains that of the signal.
 */
public final class StopSignal implements AutoCloseable {
    private final Thread worker = Thread.currentThread();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Duration limit;
    private final Thread hook = new Thread(this::stop, "stop-signal");
    private boolean finishing;
    private boolean received;

    /** For the calling thread. The JVM exits without it after {@code limit}. */
    public StopSignal(Duration limit) {
        this.limit = limit;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        synchronized (this) {
            received = true;
            if (!finishing) {
                worker.interrupt();
            }
        }
        try {
            finished.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // the JVM exits anyway
        }
    }

    /**
     * Begins the last part of the work, which is not interrupted.
     *
     * @return whether the program is being stopped
     */
    public synchronized boolean finish() {
        finishing = true;
        if (received) {
            Thread.interrupted(); // an interrupted thread cannot write files
        }
        return received;
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
