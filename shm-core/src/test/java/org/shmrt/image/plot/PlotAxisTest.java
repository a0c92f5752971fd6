package org.shmrt.image.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlotAxisTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0; 10; 6; 0 2 4 6 8 10",
                "0; 1; 6; 0 0.2 0.4 0.6 0.8 1.0",
                "-1; 1; 5; -1.0 -0.5 0 0.5 1.0",
                "0; 999; 9; 0 200 400 600 800",
                "0; 4000000; 5; 0 1e6 2e6 3e6 4e6",
                "0; 0.00004; 5; 0 1e-5 2e-5 3e-5 4e-5",
                "1000000; 1000010; 5; 1000000 1000002 1000004 1000006 1000008 1000010",
                "3.14; 3.15; 5; 3.140 3.142 3.144 3.146 3.148 3.150"
            })
    void shouldChooseRoundStepsWithEvenDecimals(double low, double high, int wanted, String labels) {
        assertEquals(labels, labels(PlotAxis.linear(low, high), wanted));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1; 10000; 6; 1 10 100 1000 10000",
                "0.001; 1000000; 12; 0.001 0.01 0.1 1 10 100 1000 10000 1e5 1e6",
                "1; 1e12; 4; 1 1000 1e6 1e9 1e12",
                "2; 60; 8; 2 5 10 20 50",
                "100; 140; 8; 100 110 120 130 140"
            })
    void shouldChooseDecadesOrStepsWithinThem(double low, double high, int wanted, String labels) {
        assertEquals(labels, labels(PlotAxis.logarithmic(low, high), wanted));
    }

    @Test
    void shouldExtendTheEndsToRoundValues() {
        PlotAxis axis = PlotAxis.linear(0.3, 9.2).rounded(5);
        assertEquals(0, axis.low);
        assertEquals(10, axis.high);
        axis = PlotAxis.logarithmic(0.3, 920).rounded(5);
        assertEquals(0.1, axis.low);
        assertEquals(1000, axis.high);
        axis = PlotAxis.logarithmic(3, 42).rounded(5);
        assertEquals(2, axis.low);
        assertEquals(50, axis.high);
        axis = PlotAxis.logarithmic(1, 1000).rounded(5);
        assertEquals(1, axis.low);
        assertEquals(1000, axis.high);
    }

    @Test
    void shouldExtendOnlyEndsNearRoundValues() {
        PlotAxis axis = PlotAxis.linear(0.4, 9.99).nearlyRounded(5);
        assertEquals(0.4, axis.low);
        assertEquals(10, axis.high);
    }

    @Test
    @Tag("slow")
    void shouldChooseFewDistinctTicksInOrderForAnyRange() {
        Random random = new Random(9);
        for (int i = 0; i < 3000; i++) {
            double a = Double.longBitsToDouble(random.nextLong());
            double b = random.nextBoolean()
                    ? Double.longBitsToDouble(random.nextLong())
                    : a * (1 + random.nextDouble() * Math.pow(10, -random.nextInt(12)));
            int wanted = 1 + random.nextInt(12);
            boolean log = random.nextBoolean();
            double low = log ? Math.min(Math.abs(a), Math.abs(b)) : Math.min(a, b);
            double high = log ? Math.max(Math.abs(a), Math.abs(b)) : Math.max(a, b);
            PlotAxis axis = log ? PlotAxis.logarithmic(low, high) : PlotAxis.linear(low, high);
            for (PlotAxis each : new PlotAxis[] {axis, axis.rounded(wanted), axis.nearlyRounded(wanted)}) {
                assertTrue(each.low < each.high, () -> low + " to " + high);
                assertTrue(each.position(axis.low) >= -1e-8, () -> low + " to " + high);
                assertTrue(each.position(axis.high) <= 1 + 1e-8, () -> low + " to " + high);
                List<PlotAxis.Tick> ticks = each.ticks(wanted);
                List<String> labels =
                        ticks.stream().flatMap(tick -> tick.label().stream()).toList();
                assertEquals(labels.size(), new HashSet<>(labels).size(), () -> "labels " + labels);
                assertTrue(labels.size() <= 3 * wanted + 3, () -> wanted + " wanted: " + labels);
                for (int t = 0; t < ticks.size(); t++) {
                    double at = each.position(ticks.get(t).value());
                    assertTrue(at >= -1e-6 && at <= 1 + 1e-6, () -> at + " from " + low + " to " + high);
                    assertTrue(t == 0 || ticks.get(t).value() > ticks.get(t - 1).value());
                }
            }
        }
    }

    private static String labels(PlotAxis axis, int wanted) {
        return String.join(
                " ",
                axis.ticks(wanted).stream()
                        .flatMap(tick -> tick.label().stream())
                        .toList());
    }
}
