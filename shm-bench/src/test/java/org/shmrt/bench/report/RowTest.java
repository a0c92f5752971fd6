package org.shmrt.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RowTest {
    @Test
    void shouldCompareTheMedianOfRatiosAndTheWorstOfCountsWithTheTarget() {
        Row ratio = Row.ratio("key", "title", List.of(10L, 11L, 30L), List.of(10L, 10L, 10L), OptionalDouble.of(1.1));
        Row count = Row.count("key", "title", List.of(0L, 0L, 1L), OptionalDouble.of(0), "");
        Row leftOut = Row.leftOut("key", "title", OptionalDouble.of(0), "no reason");

        assertEquals(1.1, ratio.median().orElseThrow());
        assertTrue(ratio.isMet().orElseThrow());
        assertFalse(count.isMet().orElseThrow());
        assertTrue(leftOut.isMet().isEmpty());
        assertTrue(leftOut.line().endsWith("left out: no reason"));
        Row none = Row.count("key", "title", List.of(), OptionalDouble.of(0), "all threads");
        assertTrue(none.line().endsWith("left out: no run was complete"), none::line);
        assertEquals("busy", count.remarked("busy").remark());
        assertEquals("all threads", count.remarked("all threads").remarked("").remark());
    }

    @Test
    void shouldCompareOnlyPairsInWhichBothWereMeasured() {
        OptionalLong failed = OptionalLong.empty();
        Row row = Row.ratioOfPairs(
                "key",
                "title",
                List.of(OptionalLong.of(10), failed, OptionalLong.of(30), OptionalLong.of(80)),
                List.of(OptionalLong.of(10), OptionalLong.of(1), OptionalLong.of(10), failed),
                OptionalDouble.of(1.1));
        Row none = Row.ratioOfPairs("key", "title", List.of(failed), List.of(OptionalLong.of(1)), OptionalDouble.of(1));

        assertEquals(List.of(1.0, 3.0), row.values());
        assertEquals(30, row.java().orElseThrow());
        assertEquals(10, row.other().orElseThrow());
        assertTrue(none.line().endsWith("left out: no pair of runs was complete"), none::line);
    }

    @Test
    void shouldWantAThroughputAboveItsTarget() {
        Row low = throughput(List.of(50L, 79L, 90L));
        Row high = throughput(List.of(10L, 81L, 90L));

        assertFalse(low.isMet().orElseThrow());
        assertTrue(high.isMet().orElseThrow());
        assertTrue(high.line().contains(">=0.80"), high::line);
        assertTrue(high.line().contains("0.81"), high::line);
        assertTrue(high.line().contains("MB/s"), high::line);
    }

    private static Row throughput(List<Long> java) {
        return Row.ratio(
                "key",
                "title",
                java,
                List.of(100L, 100L, 100L),
                Row.Unit.BYTES_PER_SECOND,
                OptionalDouble.of(0.8),
                Row.Bound.AT_LEAST);
    }
}
