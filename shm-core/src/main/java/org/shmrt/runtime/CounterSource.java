package org.shmrt.runtime;

import org.shmrt.error.ShmException;
import org.shmrt.stream.FrameCounter;
import org.shmrt.stream.ImageStream;

/** The counter of a stream, without its frames. Always takes the newest count. */
final class CounterSource extends TriggerSource {
    private static final long SPIN_NS = 1_000_000;

    private final FrameCounter counter;
    private final SpinGuard guard;
    private long last;

    CounterSource(ImageStream stream, LoopPlan plan, Runnable prefetch) {
        counter = FrameCounter.of(stream);
        guard = plan.isRealTime() ? new SpinGuard(true, prefetch) : null;
        last = counter.get();
    }

    @Override
    Arrival await(long timeoutNs) {
        try {
            if (guard != null) {
                guard.sleep(System.nanoTime() + timeoutNs);
            }
            long now = counter.awaitAtLeast(last + 1, Math.min(timeoutNs, SPIN_NS));
            if (now == last) {
                return Arrival.NOT_YET;
            }
            startNs = System.nanoTime();
            wakeNs = -1;
            missed = Long.compareUnsigned(now, last) > 0 ? now - last - 1 : 0;
            last = now;
            if (guard != null) {
                guard.arrived(startNs, now);
            }
            return Arrival.READY;
        } catch (ShmException e) {
            endReason = e.getMessage();
            return Arrival.ENDED;
        }
    }
}
