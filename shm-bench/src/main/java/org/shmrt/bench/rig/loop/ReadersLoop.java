package org.shmrt.bench.rig.loop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/**
 * Readers that are awake while somebody publishes: each holds a semaphore of the stream, and one thread asks them in
 * turn for their next frame without ever sleeping. So any number of them fits on one core.
 */
public final class ReadersLoop implements Loop {
    private static final int ROUNDS_PER_LOOK = 4096;

    private final ImageStream stream;
    private final List<FrameReader> readers = new ArrayList<>();
    private final long[] taken;
    private long begunAt;
    private long bad;

    public ReadersLoop(Path path, int count, WaitStrategy wait) {
        stream = ImageStream.open(path);
        for (int i = 0; i < count; i++) {
            readers.add(stream.reader(wait));
        }
        taken = new long[count];
    }

    @Override
    public void begin() {
        for (int i = 0; i < readers.size(); i++) {
            readers.get(i).newest();
            taken[i] = 0;
        }
        begunAt = stream.status().cnt0();
        bad = 0;
    }

    @Override
    public void initiate(long first, int count, long periodNs, Histogram times) {
        throw new UnsupportedOperationException("readers begin nothing");
    }

    /** Until each has the last of these frames. */
    @Override
    public void echo(long first, int count) {
        long wanted = begunAt + first + count;
        long startNs = System.nanoTime();
        for (long round = 1; poll() < wanted; round++) {
            if (round % ROUNDS_PER_LOOK == 0 && System.nanoTime() - startNs > TIMEOUT_NS) {
                throw new IllegalStateException("not all frames came");
            }
        }
    }

    /** Asks each once; the count of the one furthest behind. */
    private long poll() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < taken.length; i++) {
            FrameReader reader = readers.get(i);
            Verdict verdict = reader.awaitNext(0);
            if (verdict.hasFrame()) {
                take(i, reader);
            } else if (verdict != Verdict.TIMED_OUT) {
                throw new IllegalStateException("a reader is told: " + verdict);
            }
            least = Math.min(least, reader.count());
        }
        return least;
    }

    private void take(int i, FrameReader reader) {
        taken[i] += 1 + reader.lost();
        boolean good = Payload.isStamped(reader.frame(), reader.count() - begunAt - 1);
        // What was overwritten meanwhile may be anything.
        if (!good && reader.validate()) {
            bad++;
        }
    }

    @Override
    public void finish(long last) {
        // each frame was compared as it came
    }

    @Override
    public long sent() {
        return received();
    }

    /** Frames taken and known to be lost, of the reader with fewest. */
    @Override
    public long received() {
        long least = Long.MAX_VALUE;
        for (long one : taken) {
            least = Math.min(least, one);
        }
        return least;
    }

    @Override
    public long bad() {
        return bad;
    }

    @Override
    public void close() {
        stream.close();
    }
}
