package org.shmrt.runtime;

import java.lang.foreign.MemorySegment;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.text.FileNames;

/** The frames of one stream. */
final class FrameSource extends TriggerSource {
    /** Longest spin for a frame that does not come. */
    private static final long MAX_SPIN_NS = 500_000;
    /** The same with a real-time priority, for which spinning for ever is not possible. */
    private static final long MAX_REAL_TIME_SPIN_NS = 2_000_000;

    private final FrameReader reader;
    private final StreamClock clock;
    private final SpinGuard guard;
    private final boolean inOrder;
    private boolean newestOnce;

    FrameSource(ImageStream stream, Trigger.Wait wait, long spinNs, LoopPlan plan, Runnable prefetch) {
        boolean bounded = wait == Trigger.Wait.SPIN && plan.isRealTime();
        guard = wait == Trigger.Wait.SLEEP_THEN_SPIN || bounded ? new SpinGuard(bounded, prefetch) : null;
        reader = stream.reader(
                switch (wait) {
                    case SPIN -> bounded ? WaitStrategy.hybrid(MAX_REAL_TIME_SPIN_NS) : WaitStrategy.spin();
                    case SLEEP_THEN_SPIN -> WaitStrategy.hybrid(MAX_SPIN_NS);
                    case SEMAPHORE -> WaitStrategy.semaphore();
                    case HYBRID -> WaitStrategy.hybrid(spinNs);
                });
        clock = stream.layout().clock();
        inOrder = plan.missedFramePolicy() == MissedFramePolicy.TAKE_NEXT;
    }

    @Override
    Arrival await(long timeoutNs) {
        long untilNs = System.nanoTime() + timeoutNs;
        if (guard != null) {
            guard.sleep(untilNs);
        }
        long leftNs = Math.max(0, untilNs - System.nanoTime());
        Verdict verdict = inOrder && !newestOnce ? reader.awaitNext(leftNs) : reader.awaitNewest(leftNs);
        startNs = System.nanoTime();
        if (verdict.hasFrame()) {
            newestOnce = false;
            missed = reader.lost();
            frameId = reader.frameId();
            wakeNs = plausibleAgeNs(clock.nowNs() - reader.acquiredNs());
            if (guard != null) {
                guard.arrived(startNs, reader.count());
            }
            return Arrival.READY;
        }
        if (verdict == Verdict.TIMED_OUT || verdict == Verdict.STALE_WRITER) {
            return Arrival.NOT_YET;
        }
        endReason = "the input " + FileNames.text(reader.stream().path()) + " is gone (" + verdict + ")";
        return Arrival.ENDED;
    }

    @Override
    MemorySegment frame() {
        return reader.frame();
    }

    @Override
    boolean validate() {
        return reader.validate();
    }

    @Override
    boolean hasFrames() {
        return true;
    }

    @Override
    void skip() {
        newestOnce = true;
    }

    @Override
    public void close() {
        reader.close();
    }
}
