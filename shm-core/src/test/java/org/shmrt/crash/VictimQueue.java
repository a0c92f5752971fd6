package org.shmrt.crash;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Victims that wait for their task: starting one takes longer than killing it. */
final class VictimQueue implements AutoCloseable {
    private static final long PATIENCE_S = 60;

    private final BlockingQueue<VictimDebugger> ready = new ArrayBlockingQueue<>(2);
    private final Thread starter = Thread.ofPlatform().daemon().start(this::startVictims);
    private volatile boolean closing;

    private void startVictims() {
        while (!closing) {
            VictimDebugger victim = VictimDebugger.start();
            try {
                ready.put(victim);
            } catch (InterruptedException e) {
                victim.close();
            }
        }
    }

    /** The next victim; whoever takes it closes it. */
    VictimDebugger take() {
        try {
            VictimDebugger victim = ready.poll(PATIENCE_S, TimeUnit.SECONDS);
            if (victim == null) {
                throw new IllegalStateException("no victim could be started");
            }
            return victim;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            // Room for the one that is being started, then a nudge for the one that waits for room.
            for (VictimDebugger left = ready.poll(); left != null; left = ready.poll()) {
                left.close();
            }
            starter.join(TimeUnit.SECONDS.toMillis(PATIENCE_S));
            for (VictimDebugger left = ready.poll(); left != null; left = ready.poll()) {
                left.close();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
