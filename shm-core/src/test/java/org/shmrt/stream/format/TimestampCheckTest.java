package org.shmrt.stream.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times that cannot be those of a frame are found, and the likely cause is named. */
class TimestampCheckTest {
    private static final long S = 1_000_000_000L;
    /** 2026-11-28 04:26:40 UTC. */
    private static final long NOW = 1_795_840_000L * S;
    /** The machine has been running for three days. */
    private static final long MONOTONIC = 3 * 86_400 * S;

    private static Optional<String> fault(long timeNs) {
        return TimestampCheck.fault(timeNs, NOW, MONOTONIC, 0, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {NOW, NOW + S / 2, NOW - S, NOW - 20 * 365 * 86_400 * S, 946_684_800L * S})
    void shouldAcceptTimesBetween2000AndNow(long timeNs) {
        assertEquals(Optional.empty(), fault(timeNs));
        assertTrue(TimestampCheck.isPlausible(timeNs, NOW, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 20, 37})
    void shouldSuspectTaiInATimeThatIsAheadByUpTo37Seconds(long seconds) {
        String fault = fault(NOW + seconds * S).orElseThrow();

        assertTrue(fault.startsWith("is " + seconds + " s ahead of this machine's clock"), fault);
        assertTrue(fault.endsWith("the writer stores TAI, which is 37 s ahead of UTC"), fault);
        assertFalse(TimestampCheck.isPlausible(NOW + seconds * S, NOW, 0));
    }

    @Test
    void shouldNotSuspectTaiIfTheClockIsTaiOrTheTimeIsFurtherAhead() {
        for (String fault : new String[] {
            fault(NOW + 39 * S).orElseThrow(),
            fault(Long.MAX_VALUE).orElseThrow(),
            TimestampCheck.fault(NOW + 20 * S, NOW, MONOTONIC, 0, true).orElseThrow()
        }) {
            assertTrue(fault.endsWith("or the writer's clock is ahead"), fault);
        }
    }

    @Test
    void shouldAllowTheOffsetOfTaiWhereItIsNotKnown() {
        assertEquals(Optional.empty(), TimestampCheck.fault(NOW + 37 * S, NOW, MONOTONIC, 59 * S, false));
    }

    @ParameterizedTest
    @CsvSource({
        "259199000000000, monotonic clock",
        "1795839999000000, microseconds",
        "1795836400000000, microseconds",
        "1795839999000, milliseconds",
        "1795839999, seconds since 1970",
        "3600000000000, monotonic clock"
    })
    void shouldNameTheClockOrUnitOfATimeThatIsTooEarly(long timeNs, String cause) {
        String fault = fault(timeNs).orElseThrow();

        assertTrue(fault.startsWith("is 1970-01-"), fault);
        assertTrue(fault.contains(cause), fault);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 900_000_000L * S})
    void shouldReportAnyOtherTimeThatIsTooEarly(long timeNs) {
        String fault = fault(timeNs).orElseThrow();

        assertTrue(fault.contains("which is too early"), fault);
        assertFalse(TimestampCheck.isPlausible(timeNs, NOW, 0));
    }

    @ParameterizedTest
    @EnumSource
    void shouldAcceptThePresentTimeOfEachClock(StreamClock clock) {
        long nowNs = clock.nowNs();

        assertEquals(Optional.empty(), clock.implausible(nowNs));
        assertTrue(clock.isPlausible(nowNs));
        assertTrue(clock.implausible(System.nanoTime()).orElseThrow().contains("monotonic clock"));
    }
}
