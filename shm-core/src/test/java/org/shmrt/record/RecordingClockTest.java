package org.shmrt.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The clock of a recorder on a machine that stops its threads at any point. */
class RecordingClockTest {
    private static final long WALL_NS = 1_800_000_000_000_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;

    private final AtomicLong timeNs = new AtomicLong();
    private final AtomicLong setNs = new AtomicLong();
    /** How often a thread is stopped for a second after it has read the wall clock. */
    private int stops;

    private long wallNs() {
        long readNs = WALL_NS + setNs.get() + timeNs.getAndAdd(100);
        if (stops > 0) {
            stops--;
            timeNs.addAndGet(SECOND_NS);
        }
        return readNs;
    }

    @Test
    void shouldNotDateFramesByAThreadThatWasStoppedBetweenTwoClocks() {
        stops = 3;
        RecordingClock clock = new RecordingClock(this::wallNs, timeNs::get);

        assertEquals(WALL_NS + timeNs.get(), clock.nowNs());
        stops = 3;
        setNs.set(5 * SECOND_NS);
        assertEquals(5 * SECOND_NS, clock.stepNs());
    }

    @Test
    void shouldUseTheBestReadingOfAMachineThatIsBusyAllTheTime() {
        stops = Integer.MAX_VALUE;
        RecordingClock clock = new RecordingClock(this::wallNs, timeNs::get);

        assertTrue(Math.abs(clock.nowNs() - WALL_NS - timeNs.get()) <= SECOND_NS + 100);
    }
}
