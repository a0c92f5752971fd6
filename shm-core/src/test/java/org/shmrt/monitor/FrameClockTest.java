package org.shmrt.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FrameClockTest {
    private static final long MS = 1_000_000L;

    private final FrameClock clock = new FrameClock();

    @Test
    void shouldComputeTheRateFromCountsBetweenWhichFramesWereNotSeen() {
        for (long i = 0; i <= 100; i++) {
            clock.recordCount(7 + 50 * i, i * 100 * MS);
        }

        assertEquals(500, clock.rateHz(10_000 * MS), 1e-6);
        assertTrue(clock.hasArrivals());
        assertFalse(clock.isLate(10_000 * MS));
    }

    @Test
    void shouldFollowAChangeOfTheRateWithinSeconds() {
        for (long i = 0; i < 100; i++) {
            clock.recordCount(i * 10, i * 100 * MS);
        }
        for (long i = 0; i < 40; i++) {
            clock.recordCount(1000 + i * 100, 10_000 * MS + i * 100 * MS);
        }

        assertEquals(1000, clock.rateHz(13_900 * MS), 1e-6);
    }

    @Test
    void shouldKnowTheRateOfASlowStream() {
        clock.recordCount(1, 0);
        clock.recordCount(2, 5000 * MS);
        clock.recordCount(2, 9000 * MS);

        assertEquals(0.2, clock.rateHz(9000 * MS), 1e-9);
        assertFalse(clock.isLate(9000 * MS));
        assertTrue(clock.isLate(20_001 * MS));
        assertEquals(0, clock.rateHz(20_001 * MS));
        assertEquals(15_001 * MS, clock.sinceArrivalNs(20_001 * MS));
    }

    @Test
    void shouldHaveNoRateBeforeAFrameArrives() {
        clock.recordCount(5, 0);
        clock.recordCount(5, 1000 * MS);

        assertFalse(clock.hasArrivals());
        assertFalse(clock.isLate(1000 * MS));
        assertEquals(0, clock.rateHz(1000 * MS));
        assertEquals(-1, clock.sinceArrivalNs(1000 * MS));
    }

    @Test
    void shouldStartAgainWhenTheCountFalls() {
        clock.recordCount(1000, 0);
        clock.recordCount(2000, 1000 * MS);
        clock.recordCount(0, 2000 * MS);
        clock.recordCount(10, 3000 * MS);

        assertEquals(10, clock.rateHz(3000 * MS), 1e-9);
    }

    @Test
    void shouldTakeTheJitterFromConsecutiveFramesOnly() {
        clock.recordFrame(1, 10 * MS);
        clock.recordFrame(2, 20 * MS);
        clock.recordFrame(2, 20 * MS);
        clock.recordFrame(9, 9000 * MS);
        clock.recordFrame(10, 9012 * MS);
        assertTrue(Double.isNaN(clock.jitterNs()), "two intervals are too few");
        clock.recordFrame(11, 9020 * MS);

        assertEquals(Math.sqrt(8.0 / 3) * MS, clock.jitterNs(), 1);
    }

    @Test
    void shouldHaveNoJitterWithoutStoredTimes() {
        for (int i = 1; i < 100; i++) {
            clock.recordFrame(i, 0);
        }

        assertTrue(Double.isNaN(clock.jitterNs()));
    }
}
