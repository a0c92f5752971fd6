package org.shmrt.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * A child's line to its parent: reports go out by standard output, orders come in by standard input. The input's
 * end means that the parent is gone, however it went, because the kernel closes a dead process's pipes.
 *
 * <p>Orders are {@code open} (the streams are there), {@code start NANOSECONDS} (when frame 0 is due) and
 * {@code last FRAME} (no frame follows that one).
 */
final class ParentLink {
    /** How long a child may take to end by itself once its parent is gone. */
    private static final long GRACE_MS = 2000;

    private final InputStream orders;
    private final PrintStream reports;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile long startNs;
    private volatile long lastFrame = Long.MAX_VALUE;
    private volatile boolean gone;

    ParentLink(InputStream orders, PrintStream reports) {
        this.orders = orders;
        this.reports = reports;
    }

    /**
     * Starts listening, and says so; {@code lastResort} runs if this thread has not ended long after the parent has.
     */
    void listen(Runnable lastResort) {
        Thread worker = Thread.currentThread();
        Thread listener = new Thread(
                () -> {
                    follow();
                    gone = true;
                    opened.countDown();
                    started.countDown();
                    try {
                        worker.join(GRACE_MS);
                    } catch (InterruptedException e) {
                        // nobody interrupts this thread; go on to the last resort
                    }
                    if (worker.isAlive()) {
                        lastResort.run();
                    }
                },
                "parent-link");
        listener.setDaemon(true);
        listener.start();
        report("up");
    }

    private void follow() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(orders, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "open" -> opened.countDown();
                    case "start" -> {
                        startNs = Long.parseLong(words[1]);
                        started.countDown();
                    }
                    case "last" -> lastFrame = Long.parseLong(words[1]);
                    default -> {
                        return; // no words of our parent's: better to end than to go on alone
                    }
                }
            }
        } catch (IOException e) {
            // a broken pipe tells the same as its end
        }
    }

    /** Waits until the streams are there; false if the parent is gone instead. */
    boolean awaitStreams() throws InterruptedException {
        opened.await();
        return !gone;
    }

    /** Says that this child is ready and waits for the start; false if the parent is gone instead. */
    boolean awaitStart() throws InterruptedException {
        report("ready");
        started.await();
        return !gone;
    }

    /** When frame 0 is due, on the monotonic clock. */
    long startNs() {
        return startNs;
    }

    /** Whether no frame follows the given one, or nobody wants one any more. */
    boolean isEnd(long frame) {
        return gone || frame >= lastFrame;
    }

    /** Whether the parent is gone. */
    boolean isGone() {
        return gone;
    }

    /** Sends a line; any thread may. */
    void report(String line) {
        reports.println(line);
        reports.flush();
    }
}
