package org.shmrt.relay;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.shmrt.stream.Access;
import org.shmrt.stream.WaitStrategy;

/** How a feed waits for the next frame of its source. */
public enum SourceWait {
    /** Polls with pauses: needs read permission only and leaves the semaphores alone. */
    IDLE(Access.READ_ONLY) {
        @Override
        WaitStrategy strategy() {
            return WaitStrategy.idle(new BackoffIdleStrategy(SPINS, YIELDS, MIN_PARK_NS, MAX_PARK_NS));
        }
    },
    /** Sleeps on a semaphore that it reserves. */
    SEM(Access.READ_WRITE) {
        @Override
        WaitStrategy strategy() {
            return WaitStrategy.semaphore();
        }
    },
    /** Polls without pause, on a core of its own. */
    SPIN(Access.READ_ONLY) {
        @Override
        WaitStrategy strategy() {
            return WaitStrategy.spin();
        }
    };

    private static final long SPINS = 100;
    private static final long YIELDS = 10;
    private static final long MIN_PARK_NS = 1_000;
    private static final long MAX_PARK_NS = 50_000;

    private final Access access;

    SourceWait(Access access) {
        this.access = access;
    }

    Access access() {
        return access;
    }

    abstract WaitStrategy strategy();
}
