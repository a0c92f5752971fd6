package org.shmrt.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.shmrt.error.ShmException;

/** The data that the processes of a run exchange, and their counts. */
class RunPlanTest {
    private static final RunPlan PLAN = new RunPlan(
            "dao", Waiting.SEM, 7, 1000.0 / 3, 500, 100, Demo.Progress.SHOWN, Path.of("/tmp/a b"), "shmdemo-1-ff");

    private static final RunChoice CHOICE = new RunChoice(1000, Waiting.SPIN, 0, List.of());

    @Test
    void shouldPassAPlanThroughACommandLine() {
        List<String> arguments = new ArrayList<>(List.of("loop"));
        arguments.addAll(PLAN.toArguments());
        assertEquals(PLAN, RunPlan.fromArguments(arguments.toArray(new String[0])));
    }

    @Test
    void shouldKeepToTheScheduleOverAnHour() {
        long startNs = 4_000_000_000_000L;
        assertEquals(startNs, PLAN.dueNs(startNs, 0));
        assertEquals(startNs + 3_600_000_000_000.0, (double) PLAN.dueNs(startNs, 1_200_000), 1000);
    }

    @Test
    void shouldCountSkippedFramesOfTheWarmUpSeparately() {
        FrameCounts counts = new FrameCounts(PLAN);
        assertFalse(counts.add(2));
        assertFalse(counts.add(97));
        assertTrue(counts.add(103));
        assertTrue(counts.add(104));
        assertTrue(counts.add(106));
        assertEquals(3, counts.received());
        assertEquals(4, counts.skipped());
        assertEquals(2 + 94 + 2, counts.warmUpSkipped());
        assertEquals(106, counts.newest());
    }

    @Test
    void shouldCountTheFramesAfterTheNewestAsSkipped() {
        FrameCounts counts = new FrameCounts(PLAN);
        assertFalse(counts.add(50));
        counts.end(109);
        counts.end(109);
        assertEquals(10, counts.skipped());
        assertEquals(50 + 49, counts.warmUpSkipped());
        assertEquals(0, counts.received());
    }

    @Test
    void shouldPassAHistogramThroughALineOfText() {
        LatencyRecorder recorder = new LatencyRecorder();
        recorder.record(-5);
        recorder.record(1_000);
        assertEquals(2, recorder.soFar().getTotalCount());
        recorder.record(123_456);
        recorder.record(Long.MAX_VALUE);
        String word = LatencyRecorder.encode(recorder.soFar());
        assertFalse(word.contains("\n") || word.contains(" "));
        Histogram decoded = LatencyRecorder.decode(word);
        assertEquals(4, decoded.getTotalCount());
        assertEquals(1_000, (double) decoded.getValueAtPercentile(50), 1);
        assertEquals(123_456, (double) decoded.getValueAtPercentile(75), 130);
    }

    @Test
    void shouldRefuseTextThatIsNotAHistogram() {
        assertThrows(
                ShmException.class, () -> LatencyRecorder.decode("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    }

    @Test
    void shouldRefuseInvalidSettingsAndNameValidOnes() {
        assertEquals("unknown wait 'nap': use one of spin, sem, hybrid", refusal(1, 100, "dao", "nap"));
        assertTrue(refusal(1, 100, "fits", "spin").startsWith("unknown format 'fits': use one of dao"));
        assertTrue(refusal(0.1, 100, "dao", "spin").contains("0.2 to 3600"));
        assertTrue(refusal(Double.NaN, 100, "dao", "spin").contains("0.2 to 3600"));
        assertTrue(refusal(1, 0, "dao", "spin").contains("1 to 100000"));
        assertTrue(refusal(1, 100_001, "dao", "spin").contains("1 to 100000"));
        assertTrue(refusal(1, 100, null, "spin").contains("dao"));
        assertTrue(refusal(1, 100, "dao", "").contains("hybrid"));
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> new Demo.Settings(
                                1,
                                OptionalDouble.empty(),
                                "dao",
                                Optional.empty(),
                                OptionalInt.of(100),
                                Optional.empty(),
                                Demo.Progress.HIDDEN))
                .getMessage()
                .contains("1 to 99"));
    }

    private static String refusal(double seconds, double rateHz, String format, String waiting) {
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> GivenSettings.of(
                                seconds, rateHz, format, waiting, Optional.empty(), Demo.Progress.HIDDEN))
                .getMessage();
    }

    @Test
    void shouldWarmUpForAFifthOfTheRunAndAtMostTwoSeconds() {
        RunPlan brief = GivenSettings.of(5, 1000, "dao", "spin", Optional.empty(), Demo.Progress.HIDDEN)
                .plan(CHOICE, Path.of("x"), "y");
        assertEquals(5000, brief.frames());
        assertEquals(1000, brief.warmUpFrames());
        assertEquals(
                2000,
                GivenSettings.of(60, 1000, "dao", "spin", Optional.empty(), Demo.Progress.HIDDEN)
                        .plan(CHOICE, Path.of("x"), "y")
                        .warmUpFrames());
    }
}
