package org.shmrt.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.shmrt.bench.rig.process.Run;
import org.shmrt.bench.rig.process.RunCounters;
import org.shmrt.bench.rig.process.RunFailedException;
import org.shmrt.bench.rig.report.Comparison;
import org.shmrt.bench.rig.report.Outcome;
import org.shmrt.bench.rig.report.Percentiles;
import org.shmrt.bench.rig.scenario.Scenario;

class RunTest {
    private static RunCounters counters(long sent, long received, long bad, int times) {
        Histogram roundTrips = RunCounters.newHistogram();
        for (int i = 0; i < times; i++) {
            roundTrips.recordValue(100 + 1000L * i);
        }
        return new RunCounters(sent, received, bad, 5, 10_000, roundTrips);
    }

    @Test
    void shouldAcceptCountersThatAgree() {
        assertTrue(Run.of(counters(12, 12, 0, 10), counters(12, 12, 0, 0), 2, 10, 0)
                .isGood());
    }

    @Test
    void shouldRejectALostMessage() {
        assertFalse(Run.of(counters(12, 12, 0, 10), counters(12, 11, 0, 0), 2, 10, 0)
                .isGood());
        assertFalse(Run.of(counters(12, 11, 0, 10), counters(12, 12, 0, 0), 2, 10, 0)
                .isGood());
        assertFalse(Run.of(counters(13, 12, 0, 10), counters(12, 12, 0, 0), 2, 10, 0)
                .isGood());
    }

    @Test
    void shouldRejectWrongContent() {
        assertFalse(Run.of(counters(12, 12, 0, 10), counters(12, 12, 1, 0), 2, 10, 0)
                .isGood());
    }

    @Test
    void shouldRejectMissingTimes() {
        assertFalse(
                Run.of(counters(12, 12, 0, 9), counters(12, 12, 0, 0), 2, 10, 0).isGood());
    }

    @Test
    void shouldRejectARunThatMissedItsRate() {
        assertTrue(Run.of(counters(12, 12, 0, 10), counters(12, 12, 0, 0), 2, 10, 1000)
                .isGood());

        Run late = Run.of(counters(12, 12, 0, 10), counters(12, 12, 0, 0), 2, 10, 900);

        assertEquals(
                "the rate was missed: 1000000 messages per second instead of 1111111",
                late.failure().orElseThrow());
    }

    @Test
    void shouldReadCountersAsTheyWereWritten() throws RunFailedException {
        RunCounters written = counters(12, 11, 3, 40);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        written.printTo(new PrintStream(bytes, true, StandardCharsets.US_ASCII));
        Iterator<String> lines =
                bytes.toString(StandardCharsets.US_ASCII).lines().iterator();
        RunCounters read = RunCounters.parse(lines::next);

        assertEquals(written, read);
    }

    @Test
    void shouldReportTheFailureOfAPeer() {
        RunFailedException e =
                assertThrows(RunFailedException.class, () -> RunCounters.parse(() -> "failed no message"));
        assertEquals("failed no message", e.getMessage());
    }

    @Test
    void shouldResolveAMedianBetweenStepsOfTheClock() {
        Histogram times = RunCounters.newHistogram();
        times.recordValueWithCount(100, 25);
        times.recordValueWithCount(110, 50);
        times.recordValueWithCount(111, 25);

        assertEquals(110 + 10.0 * 25 / 75, Percentiles.of(times, 50, 10), 1e-9);
        assertEquals(120, Percentiles.of(times, 100, 10), 1e-9);
        assertEquals(0, Percentiles.of(RunCounters.newHistogram(), 50, 10));
    }

    @Test
    void shouldComputeTheRatioFromGoodPairsOnly() {
        Outcome numerator = new Outcome(Scenario.FRAME_4K, 1);
        Outcome denominator = new Outcome(Scenario.FRAME_4K_C, 1);
        for (int slower = 1; slower <= 3; slower++) {
            numerator.runs().add(run(slower * 200L));
            denominator.runs().add(slower == 2 ? Run.failed("no peer") : run(100));
        }

        Comparison.Ratio ratio = Comparison.of(List.of(numerator, denominator)).getFirst();

        assertEquals("frame4k_spin_p50_vs_c", ratio.key());
        assertEquals(2, ratio.pairs().size());
        assertEquals(4, ratio.median(), 0.05);
        assertEquals(2, ratio.min(), 0.05);
        assertEquals(6, ratio.max(), 0.05);
        assertEquals(List.of("frame4k_c, run 2: no peer"), denominator.failures());
    }

    @Test
    void shouldDivideTheCostOfAdditionalReadersByTheirNumber() {
        Outcome ten = new Outcome(Scenario.PUBLISH_R10, 1);
        Outcome one = new Outcome(Scenario.PUBLISH_R1, 1);
        ten.runs().add(run(190));
        one.runs().add(run(100));

        Comparison.Ratio ratio = Comparison.of(List.of(ten, one)).getFirst();

        assertEquals("writer_ns_per_reader", ratio.key());
        assertEquals(10, ratio.median(), 0.2);
        assertFalse(ratio.isMet());
    }

    private static Run run(long timeNs) {
        Histogram times = RunCounters.newHistogram();
        times.recordValueWithCount(timeNs, 100);
        return new Run(times, 100, 0, Optional.empty());
    }

    @Test
    void shouldReportWhyThereIsNoRatio() {
        Outcome numerator = new Outcome(Scenario.FRAME_4K, 1);
        Outcome denominator = new Outcome(Scenario.FRAME_4K_C, 1);
        numerator.runs().add(run(100));
        denominator.skip("no compiler");

        assertEquals(
                "frame4k_c: no compiler",
                Comparison.of(List.of(numerator, denominator))
                        .getFirst()
                        .missing()
                        .orElseThrow());
    }

    @Test
    void shouldComputeTheMedian() {
        assertEquals(2, Outcome.median(List.of(3.0, 1.0, 2.0)));
        assertEquals(1.5, Outcome.median(List.of(2.0, 1.0)));
        assertEquals(0, Outcome.median(List.of()));
    }
}
