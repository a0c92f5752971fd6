package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class ClocksTest {
    @Test
    void shouldReadTheWallClock() {
        long before = ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());

        long now = Clocks.realtimeNs();

        long after = ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
        assertTrue(before - 1000 <= now && now <= after + 1000, before + " <= " + now + " <= " + after);
    }

    @Test
    void shouldReadAtomicTimeWithinAMinuteOfTheWallClock() {
        long before = Clocks.realtimeNs();
        long tai = Clocks.taiNs();
        long after = Clocks.realtimeNs();

        assertTrue(tai - before > -1_000_000_000L && tai - after < 61_000_000_000L, () -> before + " " + tai);
    }

    @Test
    void shouldBeMonotonic() {
        long last = Clocks.monotonicNs();
        for (int i = 0; i < 10_000; i++) {
            long now = Clocks.monotonicNs();
            assertTrue(now >= last);
            last = now;
        }
    }

    @Test
    void shouldRunAsFastAsTheClockOfTheJvm() throws InterruptedException {
        long startNs = System.nanoTime();
        long start = Clocks.monotonicNs();

        Thread.sleep(10);

        long elapsed = Clocks.monotonicNs() - start;
        assertTrue(elapsed >= 10_000_000L, () -> "elapsed " + elapsed);
        assertTrue(elapsed <= System.nanoTime() - startNs + 1000, () -> "elapsed " + elapsed);
    }
}
