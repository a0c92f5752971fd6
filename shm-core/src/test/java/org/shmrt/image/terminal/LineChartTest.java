package org.shmrt.image.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

class LineChartTest {
    private static MemoryImage vector(double... values) {
        return TestImages.of(DataType.FLOAT64, Shape.of(values.length), b -> {
            for (double value : values) {
                b.putDouble(value);
            }
        });
    }

    @Test
    void shouldConnectTheValues() {
        List<String> lines = LineChart.lines(vector(0, 9), 12, 3, LineChart.Ink.ASCII);

        assertEquals(List.of("9 |       **", "  |   ****", "0 |***", "   0       1"), trimmed(lines));
    }

    private static List<String> trimmed(List<String> lines) {
        return lines.stream().map(String::stripTrailing).toList();
    }

    @Test
    void shouldDrawVerticalLinesBetweenDistantValues() {
        List<String> lines = LineChart.lines(vector(0, 0, 0, 0, 5, 5, 5, 5), 11, 6, LineChart.Ink.ASCII);

        assertEquals("5 |    ****", lines.get(0));
        assertEquals("  |    *", lines.get(1));
        assertEquals("  |    *", lines.get(4));
        assertEquals("0 |****", lines.get(5));
    }

    @Test
    void shouldNotLoseAPeak() {
        double[] values = new double[100_000];
        values[54_321] = 1;
        List<String> lines = LineChart.lines(vector(values), 80, 10, LineChart.Ink.ASCII);

        for (int row = 0; row < 9; row++) {
            assertEquals(1, lines.get(row).chars().filter(c -> c == '*').count(), lines.toString());
        }
    }

    @Test
    void shouldLeaveGapsWhereValuesAreNotFinite() {
        List<String> lines =
                LineChart.lines(vector(1, 1, Double.NaN, Double.NaN, 1, 1, 1, 1), 11, 2, LineChart.Ink.ASCII);

        assertTrue(lines.get(1).endsWith("|**  ****"), lines.toString());
        assertEquals(
                List.of("- |", "- |"),
                trimmed(LineChart.lines(vector(Double.NaN, Double.NaN), 11, 2, LineChart.Ink.ASCII))
                        .subList(0, 2));
    }

    @Test
    void shouldDrawEightDotsInABrailleCharacter() {
        List<String> lines =
                LineChart.lines(vector(3, 2, 1, 0, 0, 1, 2, 3, 3, 2, 1, 0, 0, 1, 2, 3), 11, 1, LineChart.Ink.BRAILLE);

        // 16 values on 16 columns of dots
        assertEquals("3 \u2502\u2811\u2884\u2860\u280a\u2811\u2884\u2860\u280a", lines.getFirst());
    }
}
