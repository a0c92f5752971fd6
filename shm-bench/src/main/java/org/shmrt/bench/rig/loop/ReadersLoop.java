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
 * Readers that are awake while another process publishes. Each holds a semaphore of the stream. One thread polls them
 * in turn and never sleeps, so that any number of readers fits on one core.
 */
final class ReadersLoop implements Loop {
    private static final int ROUNDS_PER_CHECK = 4096;

    private final ImageStream stream;
    private final List<FrameReader> readers = new ArrayList<>();
    private final long[] received;
    private long firstCount;
    private long bad;

    ReadersLoop(Path path, int count, WaitStrategy wait) {
        stream = ImageStream.open(path);
        for (int i = 0; i < count; i++) {
            readers.add(stream.reader(wait));
        }
        received = new long[count];
    }

    @Override
    public void begin() {
        for (int i = 0; i < readers.size(); i++) {
            readers.get(i).newest();
            received[i] = 0;
        }
        firstCount = stream.status().cnt0();
        bad = 0;
    }

    @Override
    public void initiate(long first, int count, long periodNs, Histogram times) {
        throw new UnsupportedOperationException("readers do not send");
    }

    /** Polls until each reader has the last of these frames. */
    @Override
    public void echo(long first, int count) {
        long last = firstCount + first + count;
        long startNs = System.nanoTime();
        for (long round = 1; poll() < last; round++) {
            if (round % ROUNDS_PER_CHECK == 0 && System.nanoTime() - startNs > TIMEOUT_NS) {
                throw new IllegalStateException("not all frames arrived");
            }
        }
    }

    /** Polls each reader once; returns the count of the slowest. */
    private long poll() {
        long min = Long.MAX_VALUE;
        for (int i = 0; i < received.length; i++) {
            FrameReader reader = readers.get(i);
            Verdict verdict = reader.awaitNext(0);
            if (verdict.hasFrame()) {
                check(i, reader);
            } else if (verdict != Verdict.TIMED_OUT) {
                throw new IllegalStateException("a reader cannot read: " + verdict);
            }
            min = Math.min(min, reader.count());
        }
        return min;
    }

    private void check(int i, FrameReader reader) {
        received[i] += 1 + reader.lost();
        boolean good = Payload.isStamped(reader.frame(), reader.count() - firstCount - 1);
        // A frame that was overwritten in the meantime can have any content.
        if (!good && reader.validate()) {
            bad++;
        }
    }

    @Override
    public void finish(long last) {
        // each frame was compared on arrival
    }

    @Override
    public long sent() {
        return received();
    }

    /** Frames received or counted as lost, by the reader with the fewest. */
    @Override
    public long received() {
        long min = Long.MAX_VALUE;
        for (long one : received) {
            min = Math.min(min, one);
        }
        return min;
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
