package org.shmrt.web.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.shmrt.web.frame.FrameRates.Looking;

class FrameRatesTest {
    private static final long MS = 1_000_000L;
    private static final long START_NS = 1_000_000 * MS;

    /** Records a frame every {@code periodMs}, {@code step} counts after the one before, until {@code toMs}. */
    private static long run(FrameRates rates, long count, long fromMs, long toMs, long periodMs, long step) {
        long last = count;
        for (long ms = fromMs; ms < toMs; ms += periodMs) {
            rates.tick(START_NS + ms * MS);
            rates.record(last, START_NS + ms * MS, START_NS + ms * MS, Looking.CLOSELY);
            last += step;
        }
        rates.tick(START_NS + toMs * MS);
        return last;
    }

    @Test
    void shouldMeasureRateAndIntervals() {
        FrameRates rates = new FrameRates(START_NS);

        run(rates, 1, 0, 5000, 10, 1);

        assertEquals(100, rates.rateHz().orElseThrow(), 0.5);
        assertArrayEquals(new double[] {10_000, 10_000}, rates.percentilesUs(START_NS + 5000 * MS, 50, 99));
        assertEquals(5, rates.meanUs().length);
        assertEquals(10_000, rates.meanUs()[4], 1);
        assertEquals(0, rates.lost());
    }

    @Test
    void shouldKnowNothingBeforeTheFirstFrames() {
        FrameRates rates = new FrameRates(START_NS);

        rates.tick(START_NS + 3000 * MS);

        assertTrue(rates.rateHz().isEmpty());
        assertEquals(0, rates.percentilesUs(START_NS + 3000 * MS, 50).length);
    }

    @Test
    void shouldMeasureSlowStreamsAndForgetThemWhenTheyEnd() {
        FrameRates rates = new FrameRates(START_NS);

        run(rates, 1, 0, 10_000, 2500, 1);
        double slow = rates.rateHz().orElseThrow();
        rates.tick(START_NS + 30_000 * MS);

        assertEquals(0.4, slow, 0.01);
        assertEquals(0, rates.rateHz().orElseThrow());
    }

    @Test
    void shouldCountWhatPassedUnseenOnlyWhileItLooksClosely() {
        FrameRates rates = new FrameRates(START_NS);

        long next = run(rates, 1, 0, 2000, 50, 1);
        next = run(rates, next, 2000, 3000, 50, 3);
        rates.record(next + 500, 0, START_NS + 4000 * MS, Looking.RARELY);

        assertEquals(2 * 19, rates.lost());
    }

    @Test
    void shouldNotCallFramesLostThatNoReaderCouldSee() {
        FrameRates rates = new FrameRates(START_NS);

        run(rates, 1, 0, 3000, 2, 4);

        assertEquals(2000, rates.rateHz().orElseThrow(), 20);
        assertEquals(0, rates.lost());
    }

    @Test
    void shouldStartAgainWhenTheCounterGoesBack() {
        FrameRates rates = new FrameRates(START_NS);

        run(rates, 1000, 0, 3000, 10, 1);
        run(rates, 1, 3000, 7000, 20, 1);

        assertEquals(50, rates.rateHz().orElseThrow(), 0.5);
        assertEquals(0, rates.lost());
    }

    @Test
    void shouldSurviveALongPause() {
        FrameRates rates = new FrameRates(START_NS);

        run(rates, 1, 0, 3000, 10, 1);
        rates.tick(START_NS + 1_000_000_000L * MS);

        assertEquals(FrameRates.SECONDS, rates.meanUs().length);
        assertEquals(0, rates.rateHz().orElseThrow());
    }
}
