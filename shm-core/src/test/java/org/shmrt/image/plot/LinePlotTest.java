package org.shmrt.image.plot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.NotFoundException;
import org.shmrt.image.TestImages;

@Tag("slow")
class LinePlotTest {
    static final int BLUE = 0x0072b2;
    static final int VERMILION = 0xd55e00;

    @TempDir
    Path directory;

    @Test
    void shouldDrawLinesAtTheirPositions() throws IOException {
        BufferedImage picture = drawn(new LinePlot("", "", "")
                .withoutText()
                .series("", new double[] {0, 1}, new double[] {0, 10})
                .series("", new double[] {0, 1}, new double[] {10, 0}));
        assertEquals(1000, picture.getWidth());
        assertEquals(600, picture.getHeight());
        // without text the plot fills the picture up to a margin of 18 pixels
        for (double at : new double[] {0.1, 0.3, 0.7, 0.9}) {
            int x = (int) (18 + at * 964);
            int y = (int) (582 - (x + 0.5 - 18) / 964 * 564);
            assertTrue(TestImages.isNear(picture.getRGB(x, y), BLUE), () -> "blue at " + x + "," + y);
            assertTrue(
                    TestImages.isNear(picture.getRGB(x, 599 - y), VERMILION),
                    () -> "vermilion at " + x + "," + (599 - y));
        }
        assertEquals(0xffffff, picture.getRGB(5, 5) & 0xffffff);
    }

    @Test
    void shouldDrawPowerLawsAsStraightLinesOnLogarithmicAxes() throws IOException {
        double[] powers = {1, 10, 100, 1000, 10000};
        BufferedImage picture =
                drawn(new LinePlot("", "", "").withoutText().logX().logY().series("", powers, powers));
        for (int i = 1; i < 4; i++) {
            assertTrue(TestImages.isNear(picture.getRGB(18 + 241 * i, 582 - 141 * i), BLUE));
        }
    }

    @Test
    void shouldLeaveGapsAndMarkSinglePoints() throws IOException {
        double[] x = {0, 1, 2, 3, 4};
        double[] y = {1, Double.NaN, 1, Double.POSITIVE_INFINITY, 1};
        BufferedImage picture = drawn(
                new LinePlot("", "", "").withoutText().series("", x, y).series("", new double[] {0, 4}, new double[] {
                    0, 2
                }));
        int[] blue = IntStream.range(0, 1000)
                .filter(column ->
                        IntStream.range(0, 600).anyMatch(row -> TestImages.isNear(picture.getRGB(column, row), BLUE)))
                .toArray();
        assertTrue(blue.length > 8 && blue.length < 30, blue.length + " columns");
        assertTrue(Arrays.stream(blue).anyMatch(column -> column == 500));
        assertTrue(Arrays.stream(blue).noneMatch(column -> column > 100 && column < 400));
    }

    @Test
    void shouldLeaveOutPointsThatALogarithmicAxisCannotShow() throws IOException {
        BufferedImage picture = drawn(new LinePlot("", "", "")
                .withoutText()
                .logX()
                .logY()
                .series("", new double[] {-1, 0, 1, 10, 100}, new double[] {1, 1, 0, 10, 1000}));
        assertTrue(count(picture, BLUE) > 50);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -3e-310, 1e308, -1e308, Double.MIN_VALUE, Double.MAX_VALUE, 123456789.123})
    @Tag("slow")
    void shouldPlotAnyFiniteValues(double value) throws IOException {
        for (double other : new double[] {value, Math.nextUp(value), 0, -value, 1}) {
            double[] values = {value, other};
            assertTrue(count(drawn(new LinePlot("t", "x", "y").series("a", values, values)), BLUE) > 5);
            drawn(new LinePlot("t", "x", "y").series("a", values, values).logX().logY());
        }
    }

    @Test
    void shouldDrawEmptyPlots() throws IOException {
        double[] none = {};
        double[] nan = {Double.NaN};
        for (boolean log : new boolean[] {false, true}) {
            for (double[] values : List.of(none, nan)) {
                LinePlot plot = new LinePlot("empty", "x", "y").series("nothing", values, values);
                assertEquals(0xffffff, drawn(log ? plot.logX().logY() : plot).getRGB(1, 1) & 0xffffff);
            }
        }
        drawn(new LinePlot("", "", ""));
    }

    @Test
    void shouldDrawAMillionPointsAsFastAsAThousand() throws IOException {
        int count = 1_000_000;
        double[] x = IntStream.range(0, count).asDoubleStream().toArray();
        double[] y = Arrays.stream(x).map(v -> v == 500_000 ? 2 : Math.sin(v)).toArray();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long startNs = threads.getCurrentThreadCpuTime();
        BufferedImage picture = drawn(new LinePlot("", "", "").withoutText().series("", x, y));
        assertTrue(threads.getCurrentThreadCpuTime() - startNs < TimeUnit.SECONDS.toNanos(20));
        assertTrue(
                IntStream.range(498, 503).anyMatch(column -> TestImages.isNear(picture.getRGB(column, 25), BLUE)),
                "the peak");
    }

    @Test
    void shouldDrawTheSamePictureWhenPointsShareAColumn() throws IOException {
        // up and down within one column of pixels, in either order
        double[] x = {0, 0.5, 0.5000001, 0.5000002, 0.5000003, 1};
        BufferedImage picture =
                drawn(new LinePlot("", "", "").withoutText().series("", x, new double[] {0, 0, 10, -10, 0, 0}));
        assertTrue(IntStream.range(20, 580)
                .allMatch(row -> TestImages.isNear(picture.getRGB(500, row), BLUE)
                        || TestImages.isNear(picture.getRGB(499, row), BLUE)));
    }

    @Test
    void shouldExtendTheRangeToGivenTicks() throws IOException {
        double[] at = {1, 10, 100, 1000};
        String[] labels = {"0%", "90%", "99%", "99.9%"};
        BufferedImage picture = drawn(
                new LinePlot("t", "p", "us").logX().xTicks(at, labels).series("", new double[] {1, 10}, new double[] {
                    1, 2
                }));
        int last = IntStream.range(0, 1000)
                .filter(column ->
                        IntStream.range(0, 600).anyMatch(row -> TestImages.isNear(picture.getRGB(column, row), BLUE)))
                .max()
                .orElse(0);
        assertTrue(last > 250 && last < 450, "the line ends at the second of four ticks: " + last);
    }

    @ParameterizedTest
    @ValueSource(strings = {"120x120", "300x2000", "3000x200", "2000x1200"})
    void shouldDrawAtAnySize(String size) throws IOException {
        int width = Integer.parseInt(size.substring(0, size.indexOf('x')));
        int height = Integer.parseInt(size.substring(size.indexOf('x') + 1));
        LinePlot plot = new LinePlot(
                        "a title that is longer than the picture is wide ".repeat(5),
                        "x label ".repeat(30),
                        "y label ".repeat(30))
                .size(width, height);
        for (int i = 0; i < 40; i++) {
            plot.series("line number " + i, new double[] {0, 1}, new double[] {i, i + 1});
        }
        BufferedImage picture = drawn(plot);
        assertEquals(width, picture.getWidth());
        assertEquals(height, picture.getHeight());
    }

    @Test
    void shouldRefuseMisuse() {
        LinePlot plot = new LinePlot("", "", "");
        assertThrows(IllegalArgumentException.class, () -> plot.series("a", new double[2], new double[3]));
        assertThrows(IllegalArgumentException.class, () -> plot.xTicks(new double[2], new String[3]));
        assertThrows(IllegalArgumentException.class, () -> plot.xTicks(new double[] {Double.NaN}, new String[] {"a"}));
        assertThrows(IllegalArgumentException.class, () -> plot.size(10, 1000));
        assertThrows(IllegalArgumentException.class, () -> plot.size(1000, 100_000));
        assertThrows(NotFoundException.class, () -> plot.write(directory.resolve("no/plot.png")));
    }

    @Test
    void shouldDrawTextWhereThereAreFonts() throws IOException {
        assumeFalse(PlotProgram.fontsFail(), "this machine has no fonts");
        assertTrue(count(drawn(PlotProgram.plot()), 0x1f2937) > 20, "pixels of the title");
    }

    @Test
    void shouldDrawWithoutTextOnAMachineWithoutFonts() throws Exception {
        Path expected = directory.resolve("expected.png");
        PlotProgram.plot().withoutText().write(expected);
        Path found = directory.resolve("found.png");
        Files.writeString(directory.resolve("fontconfig"), "");
        String output = child(
                List.of("-Djava.awt.headless=true", "-Dsun.awt.fontconfig=" + directory.resolve("fontconfig")), found);
        assumeFalse(output.contains("fonts work"), "this Java finds fonts whatever its configuration");
        assertEquals("fonts fail", output);
        assertArrayEquals(Files.readAllBytes(expected), Files.readAllBytes(found));
    }

    @Test
    void shouldDrawWithoutAScreenAndWithoutConfiguration() throws Exception {
        Path found = directory.resolve("found.png");
        child(List.of(), found);
        assertTrue(count(ImageIO.read(found.toFile()), BLUE) > 100);
    }

    @Test
    void shouldReportAMissingDesktopModule() throws Exception {
        String output = child(List.of("--limit-modules", "java.base"), directory.resolve("found.png"));
        assertTrue(output.contains("ShmException") && output.contains("java.desktop"), output);
        assertFalse(Files.exists(directory.resolve("found.png")));
    }

    /** Runs {@link PlotProgram} in a separate Java process. */
    private String child(List<String> options, Path picture) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), PlotProgram.class.getName(), picture.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().remove("DISPLAY");
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(directory.resolve("output"), StandardCharsets.UTF_8)
                .strip();
    }

    private BufferedImage drawn(LinePlot plot) throws IOException {
        Path file = directory.resolve("plot.png");
        plot.write(file);
        return ImageIO.read(file.toFile());
    }

    private static long count(BufferedImage picture, int colour) {
        return IntStream.range(0, picture.getWidth() * picture.getHeight())
                .filter(i -> TestImages.isNear(picture.getRGB(i % picture.getWidth(), i / picture.getWidth()), colour))
                .count();
    }
}
