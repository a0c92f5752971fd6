package org.shmrt.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the next frame is expected, from the times of the frames so far. */
class SpinGuardTest {
    private static final long PERIOD_NS = 1_000_000;
    private static final long START_NS = 5_000_000_000L;

    private final SpinGuard guard = new SpinGuard(false, () -> {});
    private long count;

    private static long onTimeNs(long number) {
        return START_NS + number * PERIOD_NS;
    }

    private void takeFrames(int frames, long lateNs) {
        for (int i = 0; i < frames; i++) {
            count++;
            guard.arrived(onTimeNs(count) + lateNs, count);
        }
    }

    @Test
    void shouldExpectFramesAtTheirPeriod() {
        takeFrames(100, 0);

        assertEquals(PERIOD_NS, guard.periodNs());
        assertEquals(onTimeNs(100), guard.gridNs());
    }

    @ParameterizedTest
    @ValueSource(longs = {20_000, 200_000, 400_000})
    void shouldExpectTheNextFrameOnTimeAfterALateOne(long lateNs) {
        takeFrames(100, 0);
        takeFrames(1, lateNs);

        long expectedNs = guard.gridNs() + guard.periodNs();
        assertTrue(Math.abs(expectedNs - onTimeNs(count + 1)) <= lateNs / 8, expectedNs + " ns");
    }

    @Test
    void shouldFollowAnEarlyFrameAtOnce() {
        takeFrames(100, 0);
        takeFrames(1, -150_000);

        assertEquals(onTimeNs(101) - 150_000, guard.gridNs());
    }

    @ParameterizedTest
    @ValueSource(longs = {300_000, 700_000, -300_000})
    void shouldFollowFramesThatAreShifted(long shiftNs) {
        takeFrames(100, 0);
        takeFrames(200, shiftNs);

        assertTrue(Math.abs(onTimeNs(count) + shiftNs - guard.gridNs()) < 2_000, guard.gridNs() + " ns");
    }

    @Test
    void shouldKeepTheGridOverLostFrames() {
        takeFrames(100, 0);
        count += 7;
        takeFrames(1, 0);

        assertEquals(onTimeNs(108), guard.gridNs());
        assertEquals(PERIOD_NS, guard.periodNs());
    }

    @Test
    void shouldBeginAnewWhenTheCountGoesBack() {
        takeFrames(100, 0);
        guard.arrived(onTimeNs(103) + 450_000, 3);

        assertEquals(onTimeNs(103) + 450_000, guard.gridNs());
    }

    @Test
    void shouldLearnANewRate() {
        takeFrames(100, 0);
        long atNs = onTimeNs(100);
        for (long i = 1; i <= 100; i++) {
            guard.arrived(atNs + i * 3 * PERIOD_NS, 100 + i);
        }

        assertTrue(Math.abs(guard.periodNs() - 3 * PERIOD_NS) < 1_000, guard.periodNs() + " ns");
        assertEquals(atNs + 300 * PERIOD_NS, guard.gridNs());
    }
}
