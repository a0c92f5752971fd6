package org.shmrt.soak;

import com.google.gson.Gson;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.testing.Frames;

/**
 * Writes ramp frames in bursts, and after each is silent until every reader has seen its last frame:
 * {@code STREAM BOARD READERS SECONDS EXACT_BURST TOKEN_BURST}. For a third of the time bursts are no longer than the
 * stream holds, for the next no longer than its semaphores count, then they are long. {@code torture_peer.py} does the
 * same. Ends with its {@link Outcome} as JSON.
 */
final class TortureWriter {
    private static final long SECOND = 1_000_000_000L;
    private static final long PATIENCE_NS = 30 * SECOND;
    private static final long SIGN_OF_LIFE_NS = 10 * SECOND;
    private static final int LONG_BURST = 2000;
    private static final long[] PAUSES_NS = {0, 0, 100_000, 1_000_000};
    private static final long[] GAPS_NS = {0, 0, 2_000, 20_000};

    private final FrameWriter writer;
    private final Board board;
    private final int readers;
    private final Frames ramp;
    private final SplittableRandom random = new SplittableRandom(7);
    private final Outcome outcome = new Outcome();
    private final long startNs = System.nanoTime();
    private long saidNs = startNs;
    private long count;

    /** What the writer did. */
    static final class Outcome {
        long start;
        long last;
        /** Silences after which every reader had seen the newest frame. */
        long silences;
        /** Frames while nothing could be lost, and frames while every token counted. */
        long exact;

        long counted;
        /** The longest time from the last frame of a burst until all had seen it. */
        double slowestMs;

        String problem = "";
    }

    private TortureWriter(FrameWriter writer, Board board, int readers) {
        this.writer = writer;
        this.board = board;
        this.readers = readers;
        this.ramp = new Frames(writer.stream().shape().elementCount());
        this.count = writer.stream().status().cnt0();
    }

    public static void main(String[] words) {
        Parent.endWithIt();
        try (Arena arena = Arena.ofShared();
                ImageStream stream = ImageStream.open(Path.of(words[0]));
                FrameWriter writer = stream.writer()) {
            TortureWriter torture =
                    new TortureWriter(writer, Board.open(Path.of(words[1]), arena), Integer.parseInt(words[2]));
            torture.run(Double.parseDouble(words[3]), Integer.parseInt(words[4]), Integer.parseInt(words[5]));
            System.out.println(new Gson().toJson(torture.outcome));
        }
    }

    private void run(double seconds, int exactBurst, int tokenBurst) {
        outcome.start = count;
        boolean well = bursts(seconds / 3, exactBurst, false);
        outcome.exact = count - outcome.start;
        board.exactUpTo(count);
        well = well && (tokenBurst == 0 || bursts(2 * seconds / 3, tokenBurst, false));
        outcome.counted = tokenBurst == 0 ? 0 : count - outcome.start;
        board.tokensUpTo(count);
        if (well) {
            bursts(seconds, LONG_BURST, true);
        }
        board.last(count + 1);
        publish();
        outcome.last = count;
    }

    /** Bursts until so many seconds after the start; false if a reader was left behind. */
    private boolean bursts(double untilSeconds, int longest, boolean gaps) {
        while (System.nanoTime() - startNs < untilSeconds * SECOND) {
            pause(PAUSES_NS[random.nextInt(PAUSES_NS.length)]);
            long gapNs = gaps ? GAPS_NS[random.nextInt(GAPS_NS.length)] : 0;
            for (int left = random.nextInt(1, longest + 1); left > 0; left--) {
                publish();
                pause(gapNs);
            }
            if (!awaitReaders()) {
                return false;
            }
        }
        return true;
    }

    private void publish() {
        count++;
        long counted = writer.write(ramp.of(count));
        if (counted != count) {
            throw new IllegalStateException("frame " + count + " was counted as " + counted);
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
        long silentNs = System.nanoTime();
        for (int reader = 0; reader < readers; reader++) {
            while (board.seen(reader) != count) {
                if (System.nanoTime() - silentNs > PATIENCE_NS) {
                    outcome.problem =
                            "reader " + reader + " is left at " + board.seen(reader) + " beside frame " + count;
                    return false;
                }
                Thread.yield();
            }
        }
        long nowNs = System.nanoTime();
        outcome.silences++;
        outcome.slowestMs = Math.max(outcome.slowestMs, (nowNs - silentNs) / 1e6);
        if (nowNs - saidNs > SIGN_OF_LIFE_NS) {
            saidNs = nowNs;
            System.out.println("at " + count);
        }
        return true;
    }
}
