package org.shmrt.bench.rig.scenario;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.shmrt.stream.WaitStrategy;

/** The wait strategy of readers of ShmRT. */
public enum Waiting {
    SPIN,
    BACKOFF,
    SLEEP_50US,
    SEMAPHORE,
    HYBRID;

    private static final long SLEEP_NS = 50_000;
    /** Longer than a period of 100 µs, shorter than a period of 1 ms. */
    private static final long HYBRID_SPIN_NS = 200_000;

    public WaitStrategy strategy() {
        return switch (this) {
            case SPIN -> WaitStrategy.spin();
            case BACKOFF -> WaitStrategy.idle(new BackoffIdleStrategy());
            case SLEEP_50US -> WaitStrategy.idle(new SleepingIdleStrategy(SLEEP_NS));
            case SEMAPHORE -> WaitStrategy.semaphore();
            case HYBRID -> WaitStrategy.hybrid(HYBRID_SPIN_NS);
        };
    }
}
