package org.shmrt.bench.rig.loop;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.shmrt.bench.rig.scenario.Role;

/** Two counters, each on its own cache line. The same as counter_pingpong.c. */
final class VarHandleLoop extends BareCounterLoop {
    /** The ping counter is at 0. */
    private static final long PONG_OFFSET = 128;

    static final int FILE_BYTES = 4096;

    private final long inOffset;
    private long firstReceived;
    private long received;

    VarHandleLoop(Path path, Role role) {
        super(path, role == Role.INITIATOR ? 0 : PONG_OFFSET);
        inOffset = role == Role.INITIATOR ? PONG_OFFSET : 0;
    }

    @Override
    void discardPending() {
        firstReceived = received = (long) LONG.getAcquire(file(), inOffset);
    }

    @Override
    boolean await() {
        MemorySegment file = file();
        long now;
        long spins = 0;
        while ((now = (long) LONG.getAcquire(file, inOffset)) == received) {
            spins = SpinTimeout.spin(spins);
        }
        return now == ++received;
    }

    @Override
    public long received() {
        return received - firstReceived;
    }
}
