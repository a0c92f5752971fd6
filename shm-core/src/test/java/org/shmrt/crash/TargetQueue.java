package org.shmrt.crash;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A queue of started targets, since starting one takes longer than killing it. */
final class TargetQueue implements AutoCloseable {
    private static final long TIMEOUT_S = 180;

    private final BlockingQueue<TargetDebugger> ready = new ArrayBlockingQueue<>(2);
    private final Thread starter = Thread.ofPlatform().daemon().start(this::startTargets);
    private volatile boolean closing;

    private void startTargets() {
        while (!closing) {
            TargetDebugger target = TargetDebugger.start();
            try {
                ready.put(target);
            } catch (InterruptedException e) {
                target.close();
            }
        }
    }

    /** Returns the next target; the caller closes it. */
    TargetDebugger take() {
        try {
            TargetDebugger target = ready.poll(TIMEOUT_S, TimeUnit.SECONDS);
            if (target == null) {
                throw new IllegalStateException("no target was started within " + TIMEOUT_S + " s");
            }
            return target;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            // Makes room for the target that is being started, which may block in put.
            for (TargetDebugger left = ready.poll(); left != null; left = ready.poll()) {
                left.close();
            }
            starter.join(TimeUnit.SECONDS.toMillis(TIMEOUT_S));
            for (TargetDebugger left = ready.poll(); left != null; left = ready.poll()) {
                left.close();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
