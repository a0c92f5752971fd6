package org.shmrt.bench.rig;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.shmrt.memory.MappedRegion;

/** Two counters on cache lines of their own: what counter_pingpong.c does. */
final class VarHandleLoop implements Loop {
    /** The ping counter is at 0. */
    static final long PONG_OFFSET = 128;
    static final long FILE_BYTES = 4096;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final int TURNS_PER_LOOK = 1 << 16;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment file;
    private final long outOffset;
    private final long inOffset;
    private long firstSent;
    private long firstReceived;
    private long sent;
    private long received;
    private long bad;

    VarHandleLoop(Path path, boolean initiator) {
        file = MappedRegion.readWrite(path, arena).segment();
        outOffset = initiator ? 0 : PONG_OFFSET;
        inOffset = initiator ? PONG_OFFSET : 0;
    }

    @Override
    public void begin() {
        firstSent = sent = (long) LONG.getAcquire(file, outOffset);
        firstReceived = received = (long) LONG.getAcquire(file, inOffset);
        bad = 0;
    }

    @Override
    public void initiate(long first, int count, long periodNs, Histogram roundTrips) {
        for (int i = 0; i < count; i++) {
            long startNs = System.nanoTime();
            LONG.setRelease(file, outOffset, ++sent);
            await();
            roundTrips.recordValue(System.nanoTime() - startNs);
        }
    }

    @Override
    public void echo(long first, int count) {
        for (int i = 0; i < count; i++) {
            await();
            LONG.setRelease(file, outOffset, ++sent);
        }
    }

    private void await() {
        long now;
        long turns = 0;
        while ((now = (long) LONG.getAcquire(file, inOffset)) == received) {
            Thread.onSpinWait();
            // A turn takes 5 ns at least, so this gives up late, never early.
            if (++turns % TURNS_PER_LOOK == 0 && turns * 5 > TIMEOUT_NS) {
                throw new IllegalStateException("no message came");
            }
        }
        if (now != ++received) {
            bad++;
        }
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
        return received - firstReceived;
    }

    @Override
    public long bad() {
        return bad;
    }

    @Override
    public void close() {
        arena.close();
    }
}
