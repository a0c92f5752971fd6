package org.shmrt.bench.rig.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.HdrHistogram.Histogram;

/** One thread that copies a message into shared memory and out of it. */
abstract class SoloLoop implements Loop {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment outgoing;
    private final MemorySegment incoming;
    private long sent;
    private long bad;

    SoloLoop(long bytes) {
        outgoing = Payload.create(arena, bytes);
        incoming = Payload.create(arena, bytes);
    }

    /** Copies a message in and out. */
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
            Payload.stamp(outgoing, first + i);
            long startNs = System.nanoTime();
            pass(outgoing, incoming);
            times.recordValue(System.nanoTime() - startNs);
            sent++;
            if (!Payload.isStamped(incoming, first + i)) {
                bad++;
            }
        }
    }

    @Override
    public final void echo(long first, int count) {
        throw new UnsupportedOperationException("this scenario has one process, which is the initiator");
    }

    @Override
    public final void finish(long last) {
        if (!Payload.isIntact(incoming, last)) {
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
