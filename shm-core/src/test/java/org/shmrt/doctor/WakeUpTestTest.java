package org.shmrt.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.doctor.WakeUpTest.Method;
import org.shmrt.doctor.WakeUpTest.Result;
import org.shmrt.doctor.WakeUpTest.Series;

/** The measurement of wake-ups. */
@Timeout(600)
class WakeUpTestTest {
    @Test
    void shouldMeasureBothWaysOfSleepingForTheGivenTime() throws InterruptedException {
        long startNs = System.nanoTime();

        Result result = WakeUpTest.run(0, 100_000_000);

        assertTrue(System.nanoTime() - startNs >= 100_000_000);
        assertTrue(result.durationNs() >= 100_000_000);
        assertEquals(
                List.of(Method.CLOCK_NANOSLEEP, Method.PARK_NANOS),
                result.series().stream().map(Series::method).limit(2).toList());
        assertEquals(0, result.series().getFirst().priority());
        for (Series series : result.series()) {
            assertTrue(series.count() > 0, series::toString);
            assertTrue(0 <= series.p50Ns() && series.p50Ns() <= series.p99Ns(), series::toString);
            assertTrue(series.p99Ns() <= series.maxNs(), series::toString);
        }
    }

    @Test
    void shouldMeasureWithoutPinningWhereTheProcessorDoesNotExist() throws InterruptedException {
        Result result = WakeUpTest.run(8000, 10_000_000);

        assertEquals(false, result.pinned());
        assertTrue(result.series().getFirst().count() > 0);
    }

    private static List<Finding> report(Series... series) {
        Findings findings = new Findings();
        WakeUpTest.report(new Result(1, true, 1, List.of(series)), findings);
        return findings.all();
    }

    @Test
    void shouldWarnIfEvenTheBestSeriesIsLate() {
        Series late = new Series(Method.CLOCK_NANOSLEEP, 0, 1000, 90_000, 1_500_000, 9_000_000);
        Series slow = new Series(Method.CLOCK_NANOSLEEP, 0, 1000, 300_000, 400_000, 9_000_000);
        Series good = new Series(Method.PARK_NANOS, 80, 1000, 30_000, 100_000, 9_000_000);

        assertEquals(Severity.WARNING, report(late).getFirst().severity());
        assertEquals(Severity.WARNING, report(slow).getFirst().severity());
        assertEquals(Severity.OK, report(late, good).getFirst().severity());
        assertTrue(report(late).getFirst().evidence().contains("p99 1500.0 us"), report(late)::toString);
        assertTrue(report(late, good).getFirst().evidence().contains("FIFO 80"), report(late, good)::toString);
    }
}
