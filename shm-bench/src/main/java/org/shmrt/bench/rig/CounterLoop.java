package org.shmrt.bench.rig;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.shmrt.memory.MappedRegion;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/**
 * The counters of two streams, without frames: how fast a spinning reader of ShmRT notices that there is one.
 * A counter is stored past the stream's writer, which would also take the time and look after semaphores.
 */
final class CounterLoop implements Loop {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment out;
    private final long cnt0Offset;
    private final ImageStream in;
    private final FrameReader reader;
    private long firstSent;
    private long firstReceived;
    private long sent;
    private long bad;

    CounterLoop(Path outPath, Path inPath) {
        in = ImageStream.open(inPath);
        reader = in.reader(WaitStrategy.spin());
        out = MappedRegion.readWrite(outPath, arena).segment();
        cnt0Offset = in.layout().cnt0Offset();
    }

    @Override
    public void begin() {
        reader.newest();
        firstReceived = reader.count();
        firstSent = sent = (long) LONG.getAcquire(out, cnt0Offset);
        bad = 0;
    }

    @Override
    public void initiate(long first, int count, long periodNs, Histogram roundTrips) {
        for (int i = 0; i < count; i++) {
            long startNs = System.nanoTime();
            LONG.setRelease(out, cnt0Offset, ++sent);
            await();
            roundTrips.recordValue(System.nanoTime() - startNs);
        }
    }

    @Override
    public void echo(long first, int count) {
        for (int i = 0; i < count; i++) {
            await();
            LONG.setRelease(out, cnt0Offset, ++sent);
        }
    }

    private void await() {
        Verdict verdict = reader.awaitNext(TIMEOUT_NS);
        if (verdict != Verdict.FRESH) {
            unexpected(verdict);
        }
    }

    private void unexpected(Verdict verdict) {
        if (!verdict.hasFrame()) {
            throw new IllegalStateException("no message came: " + verdict);
        }
        bad++;
    }

    @Override
    public void finish(long last) {
        // every message was compared as it came
    }

    @Override
    public long sent() {
        return sent - firstSent;
    }

    @Override
    public long received() {
        return reader.count() - firstReceived;
    }

    @Override
    public long bad() {
        return bad;
    }

    @Override
    public void close() {
        in.close();
        arena.close();
    }
}
