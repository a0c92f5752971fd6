package org.shmrt.bench.rig.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.HdrHistogram.Histogram;

/** A message that one thread puts into shared memory and takes out again. */
abstract class SoloLoop implements Loop {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment mine;
    private final MemorySegment theirs;
    private long sent;
    private long bad;

    SoloLoop(long bytes) {
        mine = Payload.create(arena, bytes);
        theirs = Payload.create(arena, bytes);
    }

    /** In and out. */
    abstract void pass(MemorySegment from, MemorySegment to);

    final Arena arena() {
        return arena;
    }

    @Override
    public final void begin() {
        sent = bad = 0;
    }

    @Override
    public final void initiate(long first, int count, long periodNs, Histogram times) {
        for (int i = 0; i < count; i++) {
            Payload.stamp(mine, first + i);
            long startNs = System.nanoTime();
            pass(mine, theirs);
            times.recordValue(System.nanoTime() - startNs);
            sent++;
            if (!Payload.isStamped(theirs, first + i)) {
                bad++;
            }
        }
    }

    @Override
    public final void echo(long first, int count) {
        throw new UnsupportedOperationException("one process, one end");
    }

    @Override
    public final void finish(long last) {
        if (!Payload.isWhole(theirs, last)) {
            bad++;
        }
    }

    @Override
    public final long sent() {
        return sent;
    }

    @Override
    public final long received() {
        return sent;
    }

    @Override
    public final long bad() {
        return bad;
    }

    @Override
    public void close() {
        arena.close();
    }
}
