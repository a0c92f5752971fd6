package org.shmrt.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * A child's connection to its parent: the child reports on standard output and receives orders on standard input. The
 * end of the input means that the parent has ended for any reason, because the kernel closes the pipes of a process
 * that ends.
 *
 * <p>Orders are {@code open} (the streams exist), {@code start NANOSECONDS} (when frame 0 is due; 0 for the loop, which
 * waits for it), {@code stop} (send no more frames) and {@code last FRAME CAMERA} (the last frame that this child will
 * get, and the last of the camera).
 */
final class ParentLink {
    /** How long a child may take to end by itself after its parent has ended. */
    private static final long MAX_END_MS = 2000;
    /**
     * How long a child waits for the last frame, which can be lost. On a machine that is busy with other work a child may
     * not run for seconds.
     */
    static final long MAX_LAST_NS = 20_000_000_000L;

    private final InputStream orders;
    private final PrintStream reports;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile long startNs;
    private final CountDownLatch lastKnown = new CountDownLatch(1);
    private volatile long lastFrame = Long.MAX_VALUE;
    private volatile long cameraLast = -1;
    private volatile long lastOrderNs = Long.MAX_VALUE;
    private volatile boolean stopped;
    private volatile boolean parentEnded;

    ParentLink(InputStream orders, PrintStream reports) {
        this.orders = orders;
        this.reports = reports;
    }

    /**
     * Starts to listen and reports that. {@code lastResort} runs if the calling thread has not ended some time after the
     * parent has.
     */
    void listen(Runnable lastResort) {
        Thread worker = Thread.currentThread();
        Thread listener = new Thread(
                () -> {
                    readOrders();
                    parentEnded = true;
                    opened.countDown();
                    started.countDown();
                    lastKnown.countDown();
                    try {
                        worker.join(MAX_END_MS);
                    } catch (InterruptedException e) {
                        // no code interrupts this thread
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

    private void readOrders() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(orders, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] order = line.split(" ");
                switch (order[0]) {
                    case "open" -> opened.countDown();
                    case "start" -> {
                        startNs = Long.parseLong(order[1]);
                        started.countDown();
                    }
                    case "stop" -> stopped = true;
                    case "last" -> {
                        cameraLast = Long.parseLong(order[2]);
                        lastOrderNs = System.nanoTime();
                        lastFrame = Long.parseLong(order[1]);
                        lastKnown.countDown();
                    }
                    default -> {
                        return; // not an order of our parent: treated as its end
                    }
                }
            }
        } catch (IOException e) {
            // a broken pipe means the same as its end
        }
    }

    /** Waits until the streams exist; false if the parent ended instead. */
    boolean awaitStreams() throws InterruptedException {
        opened.await();
        return !parentEnded;
    }

    /** Reports that this child is ready and waits for the start; false if the parent ended instead. */
    boolean awaitStart() throws InterruptedException {
        System.gc(); // so that no collection is due in the run
        report("ready");
        started.await();
        return !parentEnded;
    }

    /** When frame 0 is due, on the monotonic clock. */
    long startNs() {
        return startNs;
    }

    /** Whether the run ends with this frame, or the parent has ended, or the last frame does not come. */
    boolean isEnd(long frame) {
        return parentEnded
                || frame >= lastFrame
                || (lastFrame != Long.MAX_VALUE && System.nanoTime() - lastOrderNs > MAX_LAST_NS);
    }

    /** Waits until the last frame is known; false if the parent ended instead. */
    boolean awaitLast() throws InterruptedException {
        lastKnown.await();
        return !parentEnded;
    }

    /** The last frame that the camera sent, once it is known. */
    long cameraLast() {
        return cameraLast;
    }

    /** Whether the camera is to send no more frames. */
    boolean isStopped() {
        return stopped || parentEnded;
    }

    /** Whether the parent has ended. */
    boolean hasParentEnded() {
        return parentEnded;
    }

    /** Sends a line to the parent; for any thread. */
    void report(String line) {
        reports.println(line);
        reports.flush();
    }
}
