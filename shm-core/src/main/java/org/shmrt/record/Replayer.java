package org.shmrt.record;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Clocks;

/**
 * Writes the frames of a recording to streams, at the intervals at which they were acquired or at a constant rate, those
 * of several streams in their common order. The times are absolute: a late frame does not delay the ones after it. By
 * default, counters are those of the streams that are written, and frame ids are as recorded. {@link #run} is for one
 * thread; {@link #close} and {@link #published} are for any thread.
 *
 * <pre>{@code
 * try (Recording night = Recording.open(Path.of("/data/night"));
 *      Replayer replay = Replayer.of(night).stream("cam", Path.of("/tmp/replayed.im.shm")).open()) {
 *     replay.run();
 * }
 * }</pre>
 */
public final class Replayer implements AutoCloseable {
    private static final long BUFFER_BYTES = 256L << 20;
    private static final double NS_PER_S = 1e9;
    private static final long POLL_MS = 50;
    /** Time from the call to the first frame, to read ahead. */
    private static final long LEAD_NS = 20_000_000L;
    /** A sleep is not longer than this, so that a close is noticed. */
    private static final long SLICE_NS = 50_000_000L;

    private final List<ReplayTrack> tracks = new ArrayList<>();
    private final BlockingQueue<Optional<ReplayFrame>> ahead = new LinkedBlockingQueue<>();
    private final double speed;
    private final OptionalDouble rateHz;
    private final ReplayBuilder.Repeat repeat;
    private final Thread reading = new Thread(this::readAhead, "replay-read");
    private final CountDownLatch readEnded = new CountDownLatch(1);
    private final Object publishing = new Object();
    private volatile boolean started;
    private volatile boolean stopped;
    private volatile Optional<ShmException> failure = Optional.empty();
    private volatile long maxLateNs;

    Replayer(ReplayBuilder plan) {
        speed = plan.speed();
        rateHz = plan.rateHz();
        repeat = plan.repeat();
        if (plan.targets().isEmpty()) {
            throw new IllegalArgumentException("a replay needs at least one stream");
        }
        boolean opened = false;
        try {
            for (Map.Entry<String, Path> target : plan.targets().entrySet()) {
                tracks.add(new ReplayTrack(
                        plan.recording().stream(target.getKey()),
                        target.getValue(),
                        plan,
                        BUFFER_BYTES / plan.targets().size()));
            }
            opened = true;
        } finally {
            if (!opened) {
                tracks.forEach(ReplayTrack::close);
            }
        }
        reading.setDaemon(true);
    }

    /**
     * Prepares a replay.
     *
     * @param recording an open recording, which the caller closes after the replay
     * @return the settings, to which streams have to be added
     */
    public static ReplayBuilder of(Recording recording) {
        return new ReplayBuilder(recording);
    }

    /** Reads all frames in their common order. */
    private void readAhead() {
        try {
            long offsetNs = 0;
            do {
                Optional<ReplayTrack> first = earliest();
                if (first.isEmpty()) {
                    return;
                }
                long startNs = first.get().timeNs();
                long lastNs = startNs;
                for (Optional<ReplayTrack> next = first; next.isPresent() && !stopped; next = earliest()) {
                    lastNs = next.get().timeNs();
                    next.get()
                            .read(offsetNs + lastNs - startNs, () -> stopped)
                            .ifPresent(frame -> ahead.add(Optional.of(frame)));
                }
                offsetNs += lastNs - startNs + intervalNs(lastNs - startNs);
                tracks.forEach(ReplayTrack::rewind);
            } while (repeat == ReplayBuilder.Repeat.UNTIL_STOPPED && !stopped);
        } catch (ShmException e) {
            failure = Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts this thread
        } catch (RuntimeException | Error e) {
            failure = Optional.of(new ShmException("unexpected failure while reading the recording: " + e, e));
        } finally {
            ahead.add(Optional.empty());
            readEnded.countDown();
        }
    }

    /** The interval between the last frame and the first one of the next round: the mean of the fastest stream. */
    private long intervalNs(long roundNs) {
        if (rateHz.isPresent()) {
            return Math.round(NS_PER_S / rateHz.getAsDouble());
        }
        long frames = tracks.stream().mapToLong(ReplayTrack::frames).max().orElse(0);
        return frames > 1 ? roundNs / (frames - 1) : 0;
    }

    private Optional<ReplayTrack> earliest() {
        return tracks.stream().filter(track -> !track.isEnded()).min(Comparator.comparingLong(ReplayTrack::timeNs));
    }

    /**
     * Replays until the last frame, or until it is closed. To be called once.
     *
     * @throws ShmException if the recording cannot be read or a stream cannot be written
     * @throws InterruptedException if the thread is interrupted
     */
    public void run() throws InterruptedException {
        started = true;
        reading.start();
        long startNs = Clocks.monotonicNs() + LEAD_NS;
        while (!stopped) {
            Optional<ReplayFrame> next = ahead.poll(POLL_MS, TimeUnit.MILLISECONDS);
            if (next == null) {
                continue; // the disk is slow
            }
            if (next.isEmpty()) {
                if (failure.isPresent()) {
                    throw failure.get();
                }
                return;
            }
            if (speed != Double.POSITIVE_INFINITY) {
                long dueNs = startNs + (long) (next.get().dueNs() / speed);
                if (!awaitTime(dueNs)) {
                    return;
                }
                maxLateNs = Math.max(maxLateNs, Clocks.monotonicNs() - dueNs);
            }
            synchronized (publishing) {
                if (stopped) {
                    return;
                }
                next.get().track().publish(next.get());
            }
        }
    }

    private boolean awaitTime(long dueNs) throws InterruptedException {
        for (long nowNs = Clocks.monotonicNs(); nowNs < dueNs; nowNs = Clocks.monotonicNs()) {
            if (stopped) {
                return false;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Clocks.sleepUntil(Math.min(dueNs, nowNs + SLICE_NS));
        }
        return true;
    }

    /**
     * The frames published so far.
     *
     * @return their numbers, by the name of the recorded stream
     */
    public Map<String, Long> published() {
        Map<String, Long> frames = new LinkedHashMap<>();
        tracks.forEach(track -> frames.put(track.name(), track.published()));
        return frames;
    }

    /**
     * How late the latest frame was, compared with the time at which it was due.
     *
     * @return nanoseconds; 0 at unlimited speed
     */
    public long maxLateNs() {
        return maxLateNs;
    }

    /** Stops, and closes the streams. Closing twice is harmless. */
    @Override
    public void close() {
        stopped = true;
        boolean interrupted = false;
        boolean ended = !started;
        while (!ended) {
            try {
                ended = readEnded.await(POLL_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true; // the streams must not be closed before
            }
        }
        synchronized (publishing) {
            tracks.forEach(ReplayTrack::close);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
