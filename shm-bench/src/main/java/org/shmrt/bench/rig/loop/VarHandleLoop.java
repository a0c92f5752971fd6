package org.shmrt.bench.rig.loop;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Two counters on cache lines of their own: what counter_pingpong.c does. */
public final class VarHandleLoop extends BareLoop {
    /** The ping counter is at 0. */
    static final long PONG_OFFSET = 128;

    public static final long FILE_BYTES = 4096;

    private final long inOffset;
    private long firstReceived;
    private long received;

    public VarHandleLoop(Path path, boolean initiator) {
        super(path, initiator ? 0 : PONG_OFFSET);
        inOffset = initiator ? PONG_OFFSET : 0;
    }

    @Override
    void forget() {
        firstReceived = received = (long) LONG.getAcquire(file(), inOffset);
    }

    @Override
    boolean await() {
        MemorySegment file = file();
        long now;
        long turns = 0;
        while ((now = (long) LONG.getAcquire(file, inOffset)) == received) {
            turns = SpinTimeout.spin(turns);
        }
        return now == ++received;
    }

    @Override
    public long received() {
        return received - firstReceived;
    }
}
