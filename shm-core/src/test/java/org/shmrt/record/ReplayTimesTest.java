package org.shmrt.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.shmrt.record.chunk.FrameRow;

/** The times of a replay follow the writer's clock, not the recorder's delays. */
class ReplayTimesTest {
    private static final long BASE = 1_800_000_000_000_000_000L;

    private final ReplayTimes times = new ReplayTimes();

    private long next(long acquired, long arrived) {
        long acquiredNs = acquired == 0 ? 0 : BASE + acquired;
        return times.next(new FrameRow(0, 0, 0, acquiredNs, 0, BASE + arrived, 0, 0)) - BASE;
    }

    @Test
    void shouldKeepTheIntervalsOfAcquisitionWhenTheRecorderStalls() {
        assertEquals(1000, next(1000, 1100));
        assertEquals(2000, next(2000, 9000));
        assertEquals(3000, next(3000, 9000));
        assertEquals(4000, next(4000, 9000));
        assertEquals(10_000, next(10_000, 10_100));
    }

    @Test
    void shouldKeepTheIntervalsOfArrivalWhenTheClockOfTheWriterIsSet() {
        assertEquals(1000, next(1000, 1100));
        assertEquals(2000, next(5_000_000, 2100));
        assertEquals(3000, next(5_001_000, 3100));
        assertEquals(4000, next(1000, 4100));
        assertEquals(5000, next(2000, 5100));
    }

    @Test
    void shouldUseTheArrivalOfFramesWithoutAcquisitionTime() {
        assertEquals(500, next(0, 500));
        assertEquals(700, next(0, 700));
        assertEquals(900, next(850, 900));
    }
}
