package org.shmrt.stream.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** How long a reader sleeps that no post is sure to wake. */
class LookIntervalTest {
    private static final long MS = 1_000_000L;

    private final LookInterval looks = new LookInterval();

    /** Frames at equal times up to {@code lastNs}. */
    private void arrive(long periodNs, long firstCount, int frames) {
        for (int i = 0; i < frames; i++) {
            looks.arrived((firstCount + i) * periodNs, firstCount + i);
        }
    }

    @Test
    void shouldSleepForAMillisecondWhileTheRateIsUnknown() {
        assertEquals(MS, looks.sleepNs(0));
        looks.arrived(5 * MS, 7);
        assertEquals(MS, looks.sleepNs(5 * MS));
    }

    @Test
    void shouldSleepForHalfAnIntervalAndThenLookEightTimesInOne() {
        arrive(800_000, 1, 3);

        assertEquals(400_000, looks.sleepNs(3 * 800_000));
        assertEquals(150_000, looks.sleepNs(3 * 800_000 + 250_000));
        assertEquals(100_000, looks.sleepNs(3 * 800_000 + 400_000));
        assertEquals(100_000, looks.sleepNs(3 * 800_000 + 100 * MS));
    }

    @Test
    void shouldSleepNeitherTooLongNorTooShort() {
        arrive(1000 * MS, 1, 3);
        assertEquals(LookInterval.MAX_NS, looks.sleepNs(3000 * MS));

        looks.arrived(3000 * MS + 10, 4);
        assertEquals(LookInterval.MIN_NS, looks.sleepNs(3000 * MS + 10));
    }

    @Test
    void shouldDivideTheTimeByTheFramesThatPassed() {
        looks.arrived(0, 1);
        looks.arrived(8 * MS, 11);

        assertEquals(100_000, looks.sleepNs(20 * MS));
    }

    @Test
    void shouldFollowAFasterStreamAtOnceAndASlowerOneInSteps() {
        arrive(800_000, 1, 3);
        looks.arrived(3 * 800_000 + 8 * MS, 4); // ten times as long
        assertEquals(112_500, looks.sleepNs(100 * MS));

        looks.arrived(3 * 800_000 + 8 * MS + 480_000, 5);
        assertEquals(60_000, looks.sleepNs(100 * MS));
    }

    @Test
    void shouldLearnAgainAfterTheCounterWentBack() {
        arrive(800_000, 100, 3);
        looks.arrived(200 * MS, 1);
        looks.arrived(200 * MS + 480_000, 2);

        assertEquals(60_000, looks.sleepNs(300 * MS));
    }
}
