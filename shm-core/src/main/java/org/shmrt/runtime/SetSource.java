package org.shmrt.runtime;

import java.util.List;
import org.shmrt.error.ClosedException;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamSet;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.text.FileNames;

/** The matches of a set of streams. Uses the set of the trigger, on scratch streams in a warm-up. */
final class SetSource extends TriggerSource {
    /** Longest spin of a real-time thread, and the sleep after it. */
    private static final long MAX_REAL_TIME_SPIN_NS = 2_000_000;

    private static final long REST_NS = 200_000;

    private final StreamSet set;
    private final List<ImageStream> original;
    private final long[] clockOffsetsNs;
    private final SpinGuard guard;
    private final boolean bounded;
    private final boolean inOrder;
    private boolean newestOnce;
    private long matches;
    /** Lost since the last match: reported with the next one. */
    private long waitingMissed;

    SetSource(StreamSet set, List<ImageStream> inputs, Trigger.Wait wait, LoopPlan plan, Runnable prefetch) {
        this.set = set;
        original = set.streams();
        bounded = set.waitStrategy() == WaitStrategy.spin() && plan.isRealTime();
        guard = wait == Trigger.Wait.SLEEP_THEN_SPIN || bounded ? new SpinGuard(bounded, prefetch) : null;
        inOrder = plan.missedFramePolicy() == MissedFramePolicy.TAKE_NEXT;
        set.switchTo(inputs); // also where they are the same ones: begins after their newest frames
        clockOffsetsNs = inputs.stream()
                .mapToLong(stream -> stream.layout().clock().offsetNs())
                .toArray();
    }

    @Override
    Arrival await(long timeoutNs) {
        long untilNs = System.nanoTime() + timeoutNs;
        if (guard != null) {
            guard.sleep(untilNs);
        }
        long leftNs = Math.max(0, untilNs - System.nanoTime());
        long waitNs = bounded ? Math.min(leftNs, MAX_REAL_TIME_SPIN_NS) : leftNs;
        Verdict verdict = inOrder && !newestOnce ? set.awaitNext(waitNs) : set.awaitNewest(waitNs);
        startNs = System.nanoTime();
        waitingMissed += set.lost();
        unmatched = set.unmatched();
        if (verdict.hasFrame()) {
            newestOnce = false;
            missed = waitingMissed;
            waitingMissed = 0;
            wakeNs = ageNs();
            frameId = hasFrames() ? set.frameId(0) : 0;
            matches++;
            if (guard != null) {
                guard.arrived(startNs, matches);
            }
            return Arrival.READY;
        }
        if (verdict == Verdict.TIMED_OUT || verdict == Verdict.STALE_WRITER) {
            if (bounded) {
                Clocks.sleepUntil(startNs + REST_NS);
            }
            return Arrival.NOT_YET;
        }
        int stream = set.endedBy();
        endReason = stream < 0
                ? "the set of inputs was closed"
                : "the input " + FileNames.text(set.streams().get(stream).path()) + " is gone (" + verdict + ")";
        return Arrival.ENDED;
    }

    /** Since the acquisition of the newest frame; -1 if that is not known. */
    private long ageNs() {
        long newestNs = Long.MIN_VALUE;
        for (int i = 0; i < clockOffsetsNs.length; i++) {
            if (set.isFresh(i)) {
                newestNs = Math.max(newestNs, set.acquiredNs(i) - clockOffsetsNs[i]);
            }
        }
        return plausibleAgeNs(Clocks.realtimeNs() - newestNs);
    }

    /** Only frames that match by id have one id. */
    @Override
    boolean hasFrames() {
        return set.matching() == StreamSet.Matching.ID;
    }

    @Override
    boolean validate() {
        return set.validate();
    }

    @Override
    void skip() {
        newestOnce = true;
    }

    @Override
    public void close() {
        if (!set.streams().equals(original)) {
            try {
                set.switchTo(original);
            } catch (ClosedException e) {
                // The set or a stream was closed in the meantime: the next use of the set reports it.
            }
        }
    }
}
