package org.shmrt.soak;

import com.google.gson.Gson;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.testing.RampFrames;

/**
 * Writes ramp frames in bursts, and pauses after each until every reader has seen its last frame. Arguments: {@code
 * STREAM PROGRESS READERS SECONDS EXACT_BURST TOKEN_BURST}. For a third of the time bursts are limited by the depth of
 * the stream, for the second third by the maximum of its semaphores, then they are long. {@code torture_peer.py} does
 * the same. Ends by printing its {@link Outcome} as JSON.
 */
final class TortureWriter {
    private static final long SECOND = 1_000_000_000L;
    private static final long TIMEOUT_NS = 30 * SECOND;
    private static final long HEARTBEAT_NS = 10 * SECOND;
    private static final int LONG_BURST = 2000;
    private static final long[] PAUSES_NS = {0, 0, 100_000, 1_000_000};
    private static final long[] GAPS_NS = {0, 0, 2_000, 20_000};

    private final FrameWriter writer;
    private final SharedProgress progress;
    private final int readers;
    private final RampFrames ramp;
    private final SplittableRandom random = new SplittableRandom(7);
    private final Outcome outcome = new Outcome();
    private final long startNs = System.nanoTime();
    private long heartbeatNs = startNs;
    private long count;

    /** The result of the writer. */
    static final class Outcome {
        long start;
        long last;
        /** Number of pauses after which every reader had seen the newest frame. */
        long silences;
        /** Number of frames while none could be lost, and while every frame added a token. */
        long exact;

        long counted;
        /** How often the counter was set back. */
        long restarts;
        /** The longest time from the last frame of a burst until all readers had seen it. */
        double slowestMs;

        String problem = "";
    }

    private TortureWriter(FrameWriter writer, SharedProgress progress, int readers) {
        this.writer = writer;
        this.progress = progress;
        this.readers = readers;
        this.ramp = new RampFrames(writer.stream().shape().elementCount());
        this.count = writer.stream().status().cnt0();
    }

    public static void main(String[] words) {
        ParentMonitor.exitWithParent();
        try (Arena arena = Arena.ofShared();
                ImageStream stream = ImageStream.open(Path.of(words[0]));
                FrameWriter writer = stream.writer()) {
            TortureWriter torture = new TortureWriter(
                    writer, SharedProgress.open(Path.of(words[1]), arena), Integer.parseInt(words[2]));
            torture.run(Double.parseDouble(words[3]), Integer.parseInt(words[4]), Integer.parseInt(words[5]));
            System.out.println(new Gson().toJson(torture.outcome));
        }
    }

    private void run(double seconds, int exactBurst, int tokenBurst) {
        outcome.start = count;
        boolean complete = bursts(seconds / 3, exactBurst, false);
        outcome.exact = count - outcome.start;
        progress.exactUpTo(count);
        complete = complete && (tokenBurst == 0 || bursts(2 * seconds / 3, tokenBurst, false));
        outcome.counted = tokenBurst == 0 ? 0 : count - outcome.start;
        progress.tokensUpTo(count);
        if (complete) {
            bursts(seconds, LONG_BURST, true);
        }
        progress.last(count + 1);
        publish();
        outcome.last = count;
    }

    /** Writes bursts until this many seconds after the start, at least one; false if a reader did not follow. */
    private boolean bursts(double untilSeconds, int longest, boolean gaps) {
        do {
            pause(PAUSES_NS[random.nextInt(PAUSES_NS.length)]);
            long gapNs = gaps ? GAPS_NS[random.nextInt(GAPS_NS.length)] : 0;
            for (int remaining = random.nextInt(1, longest + 1); remaining > 0; remaining--) {
                publish();
                pause(gapNs);
            }
            if (!awaitReaders()) {
                return false;
            }
        } while (System.nanoTime() - startNs < untilSeconds * SECOND);
        return true;
    }

    private void publish() {
        count++;
        long counted = writer.write(ramp.of(count));
        if (counted != count) {
            throw new IllegalStateException("frame " + count + " got count " + counted);
        }
    }

    private static void pause(long ns) {
        if (ns >= 50_000) {
            LockSupport.parkNanos(ns);
            return;
        }
        long endNs = System.nanoTime() + ns;
        while (ns > 0 && System.nanoTime() < endNs) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // the readers need the cores
    private boolean awaitReaders() {
        long pauseStartNs = System.nanoTime();
        for (int reader = 0; reader < readers; reader++) {
            while (progress.seen(reader) != count) {
                if (System.nanoTime() - pauseStartNs > TIMEOUT_NS) {
                    outcome.problem = "reader " + reader + " stopped at frame " + progress.seen(reader)
                            + ", the newest is " + count;
                    return false;
                }
                Thread.yield();
            }
        }
        long nowNs = System.nanoTime();
        outcome.silences++;
        outcome.slowestMs = Math.max(outcome.slowestMs, (nowNs - pauseStartNs) / 1e6);
        if (nowNs - heartbeatNs > HEARTBEAT_NS) {
            heartbeatNs = nowNs;
            System.out.println("at " + count);
        }
        return true;
    }
}
