package org.shmrt.bench.rig.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.shmrt.posix.MappedFile;

/** Counters without frames: one is stored with release order, the subclass waits for the other. */
abstract class BareCounterLoop implements Loop {
    static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment file;
    private final long outOffset;
    private long firstSent;
    private long sent;
    private long bad;

    /**
     * Maps a file.
     *
     * @param path the file of the outgoing counter
     * @param outOffset byte offset of that counter
     */
    BareCounterLoop(Path path, long outOffset) {
        this.file = MappedFile.readWrite(path, arena).segment();
        this.outOffset = outOffset;
    }

    /**
     * Waits for the next count.
     *
     * @return whether it is the expected one
     * @throws IllegalStateException if none arrived in time
     */
    abstract boolean await();

    /** Discards counts that arrived since the previous run. */
    abstract void discardPending();

    final MemorySegment file() {
        return file;
    }

    @Override
    public final void begin() {
        discardPending();
        firstSent = sent = (long) LONG.getAcquire(file, outOffset);
        bad = 0;
    }

    @Override
    public final void initiate(long first, int count, long periodNs, Histogram roundTrips) {
        for (int i = 0; i < count; i++) {
            long startNs = System.nanoTime();
            LONG.setRelease(file, outOffset, ++sent);
            awaitNext();
            roundTrips.recordValue(System.nanoTime() - startNs);
        }
    }

    @Override
    public final void echo(long first, int count) {
        for (int i = 0; i < count; i++) {
            awaitNext();
            LONG.setRelease(file, outOffset, ++sent);
        }
    }

    private void awaitNext() {
        if (!await()) {
            bad++;
        }
    }

    @Override
    public final void finish(long last) {
        // every count was compared on arrival
    }

    @Override
    public final long sent() {
        return sent - firstSent;
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
