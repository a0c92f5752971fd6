package org.shmrt.camera.sim;

import java.util.concurrent.locks.LockSupport;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.FrameTarget;
import org.shmrt.stream.format.StreamClock;

/**
 * A camera that delivers frame k at its start + k periods. A late frame is delivered immediately and does not delay the
 * later ones, so that the rate is held.
 */
final class SimSource implements FrameSource {
    /** A sleep can end this late; the source spins for the rest of the time. */
    private static final long SPIN_NS = 100_000;

    private static final long MAX_SLEEP_NS = 20_000_000;

    private final FrameFormat format;
    private final Pictures pictures;
    private final double periodNs;
    private long startNs;
    private long next;
    private volatile boolean closed;

    SimSource(FrameFormat format, Pictures pictures) {
        this.format = format;
        this.pictures = pictures;
        this.periodNs = 1e9 / format.rateHz().orElseThrow();
    }

    @Override
    public FrameFormat format() {
        return format;
    }

    @Override
    public Arrival read(FrameTarget target, long timeoutNs) {
        long nowNs = System.nanoTime();
        if (startNs == 0) {
            startNs = nowNs; // the first frame is due when it is asked for
        }
        long dueNs = startNs + (long) (next * periodNs);
        if (!waitUntil(dueNs, nowNs + timeoutNs)) {
            return closed ? Arrival.ENDED : Arrival.TIMED_OUT;
        }
        target.acquiredNs(StreamClock.REALTIME.nowNs());
        target.frameId(next);
        pictures.draw(next, target.pixels());
        next++;
        return Arrival.FRAME;
    }

    private boolean waitUntil(long dueNs, long limitNs) {
        while (!closed) {
            long nowNs = System.nanoTime();
            long leftNs = dueNs - nowNs;
            if (leftNs <= 0) {
                return true;
            }
            if (limitNs - nowNs <= 0) {
                return false;
            }
            if (leftNs > SPIN_NS) {
                LockSupport.parkNanos(Math.min(leftNs - SPIN_NS, Math.min(MAX_SLEEP_NS, limitNs - nowNs)));
            } else {
                Thread.onSpinWait();
            }
        }
        return false;
    }

    @Override
    public long lost() {
        return 0;
    }

    @Override
    public long damaged() {
        return 0;
    }

    @Override
    public void close() {
        closed = true;
    }
}
