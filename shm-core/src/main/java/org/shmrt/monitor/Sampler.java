package org.shmrt.monitor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.ShmException;
import org.shmrt.monitor.Inventory.Scope;

/**
 * Reads an {@link Inventory} periodically in a thread of its own, so that drawing and keys never wait for it. Safe for
 * any thread.
 */
public final class Sampler implements AutoCloseable {
    private static final long REFRESH_NS = 1_000_000_000L;

    private final Optional<Path> directory;
    private final long periodNs;
    private final CountDownLatch first = new CountDownLatch(1);
    private final Thread thread;
    private volatile Scope scope = Scope.OBJECTS;
    private volatile Snapshot snapshot = new Snapshot(List.of(), 0);
    private volatile Optional<RuntimeException> failure = Optional.empty();
    private volatile boolean closed;

    /**
     * All objects at one moment.
     *
     * @param readings one for each object, in no particular order
     * @param number how often all have been read; 0 if they have not yet
     */
    public record Snapshot(List<Reading> readings, long number) {}

    /**
     * Starts to read.
     *
     * @param directory see {@link Inventory}
     * @param periodNs time between two snapshots
     */
    public Sampler(Optional<Path> directory, long periodNs) {
        this.directory = directory;
        this.periodNs = periodNs;
        thread = Thread.ofPlatform().daemon().name("sampler").start(this::run);
    }

    private void run() {
        try (Inventory inventory = new Inventory(directory)) {
            long refreshNs = System.nanoTime();
            long dueNs = refreshNs;
            for (long number = 1; !closed; number++) {
                long nowNs = System.nanoTime();
                boolean refresh = nowNs - refreshNs >= 0;
                if (refresh) {
                    inventory.refresh(scope);
                    refreshNs = nowNs + REFRESH_NS;
                }
                inventory.poll();
                snapshot = new Snapshot(inventory.readings(), number);
                first.countDown();
                if (refresh) {
                    inventory.burst();
                }
                dueNs = Math.max(dueNs + periodNs, System.nanoTime());
                LockSupport.parkNanos(dueNs - System.nanoTime());
            }
        } catch (RuntimeException e) {
            failure = Optional.of(e);
            first.countDown();
        }
    }

    /** What is read from the next pass on. */
    public void scope(Scope wanted) {
        scope = wanted;
    }

    /** Waits until all objects have been read once. */
    public void awaitFirst(long timeoutNs) throws InterruptedException {
        if (!first.await(timeoutNs, TimeUnit.NANOSECONDS)) {
            throw new ShmException("the objects could not be read within " + TimeUnit.NANOSECONDS.toSeconds(timeoutNs)
                    + " s: the machine is overloaded, or a file system does not answer");
        }
        snapshot();
    }

    /**
     * The newest snapshot.
     *
     * @throws RuntimeException what ended the thread
     */
    public Snapshot snapshot() {
        failure.ifPresent(e -> {
            throw e;
        });
        return snapshot;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
