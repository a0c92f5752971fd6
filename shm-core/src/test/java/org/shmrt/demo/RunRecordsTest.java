package org.shmrt.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.shmrt.error.ShmException;

/** What travels between the processes of a run, and what they count. */
class RunRecordsTest {
    private static final RunPlan PLAN =
            new RunPlan("dao", "sem", 1000.0 / 3, 500, 100, true, Path.of("/tmp/a b"), "shmdemo-1-ff");

    @Test
    void shouldCarryAPlanThroughACommandLine() {
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
    void shouldTellFramesLostInTheWarmUpFromThoseLostAfterIt() {
        FrameTally tally = new FrameTally(PLAN);
        assertFalse(tally.take(2));
        assertFalse(tally.take(97));
        assertTrue(tally.take(103));
        assertTrue(tally.take(104));
        assertTrue(tally.take(106));
        assertEquals(3, tally.received());
        assertEquals(4, tally.skipped());
        assertEquals(2 + 94 + 2, tally.warmUpSkipped());
        assertEquals(106, tally.newest());
    }

    @Test
    void shouldCarryAHistogramThroughALineOfText() {
        HopRecorder recorder = new HopRecorder();
        recorder.record(-5);
        recorder.record(1_000);
        assertEquals(2, recorder.soFar().getTotalCount());
        recorder.record(123_456);
        recorder.record(Long.MAX_VALUE);
        String word = HopRecorder.encode(recorder.soFar());
        assertFalse(word.contains("\n") || word.contains(" "));
        Histogram decoded = HopRecorder.decode(word);
        assertEquals(4, decoded.getTotalCount());
        assertEquals(1_000, (double) decoded.getValueAtPercentile(50), 1);
        assertEquals(123_456, (double) decoded.getValueAtPercentile(75), 130);
    }

    @Test
    void shouldRefuseAHistogramThatIsNone() {
        assertThrows(ShmException.class, () -> HopRecorder.decode("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    }

    @Test
    void shouldRefuseBadSettingsWithTheWordsThatAreAccepted() {
        assertEquals("unknown wait 'nap': use one of spin, sem, hybrid", refusal(1, 100, "dao", "nap"));
        assertTrue(refusal(1, 100, "fits", "spin").startsWith("unknown format 'fits': use one of dao"));
        assertTrue(refusal(0.1, 100, "dao", "spin").contains("0.2 to 3600"));
        assertTrue(refusal(Double.NaN, 100, "dao", "spin").contains("0.2 to 3600"));
        assertTrue(refusal(1, 0, "dao", "spin").contains("1 to 100000"));
        assertTrue(refusal(1, 100_001, "dao", "spin").contains("1 to 100000"));
        assertTrue(refusal(1, 100, null, "spin").contains("dao"));
        assertTrue(refusal(1, 100, "dao", null).contains("hybrid"));
    }

    private static String refusal(double seconds, double rateHz, String format, String waiting) {
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> new Demo.Settings(seconds, rateHz, format, waiting, null, false))
                .getMessage();
    }

    @Test
    void shouldWarmUpForAFifthOfTheRunButNotForLong() {
        RunPlan brief = new Demo.Settings(5, 1000, "dao", "spin", null, false).plan(Path.of("x"), "y");
        assertEquals(5000, brief.frames());
        assertEquals(1000, brief.warmUpFrames());
        assertEquals(
                2000,
                new Demo.Settings(60, 1000, "dao", "spin", null, false)
                        .plan(Path.of("x"), "y")
                        .warmUpFrames());
    }
}
