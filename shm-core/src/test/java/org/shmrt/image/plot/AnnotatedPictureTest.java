package org.shmrt.image.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.image.TestImages;
import org.shmrt.image.plot.PlotAxis.Tick;

class AnnotatedPictureTest {
    /** A picture whose pixels all differ. */
    private static final Raster RASTER = new Raster(60, 40, (row, pixels) -> {
        for (int x = 0; x < 60; x++) {
            pixels[3 * x] = (byte) x;
            pixels[3 * x + 1] = (byte) row;
            pixels[3 * x + 2] = (byte) 200;
        }
    });

    private static final byte[] RED_RAMP = new byte[256 * 3];

    static {
        for (int i = 0; i < 256; i++) {
            RED_RAMP[3 * i] = (byte) i;
        }
    }

    @TempDir
    private Path directory;

    private static ColourBar bar(double low, double high) {
        return new ColourBar(RED_RAMP, low, high, position -> position, "counts");
    }

    private static Annotation annotation(int pixelsPerElement, Optional<ColourBar> bar) {
        return new Annotation("title", pixelsPerElement, bar, List.of(), List.of());
    }

    /** Left end and top of the picture in the annotated one. */
    private static int[] place(BufferedImage picture) {
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                if ((picture.getRGB(x, y) & 0xffffff) == 200) {
                    return new int[] {x, y};
                }
            }
        }
        throw new AssertionError("the picture is not there");
    }

    private static void assertContainsTheRaster(BufferedImage picture) {
        int[] place = place(picture);
        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 60; x++) {
                assertEquals(x << 16 | y << 8 | 200, picture.getRGB(place[0] + x, place[1] + y) & 0xffffff);
            }
        }
    }

    @Test
    void shouldKeepThePixelsAndDrawTheBarFromTheHighestColourDown() {
        BufferedImage picture = AnnotatedPicture.paint(RASTER, annotation(4, Optional.of(bar(0, 100))), false);

        assertContainsTheRaster(picture);
        int[] place = place(picture);
        int x = place[0] + 60 + 15; // the margin of 14.4 pixels, then the bar
        assertEquals(0xff0000, picture.getRGB(x, place[1]) & 0xffffff);
        assertEquals(0x000000, picture.getRGB(x, place[1] + 39) & 0xffffff);
        int middle = picture.getRGB(x, place[1] + 20) & 0xffffff;
        assertEquals(124, middle >> 16, 2);
    }

    @Test
    void shouldDrawTicksAtTheCentresOfElements() {
        BufferedImage picture = AnnotatedPicture.paint(RASTER, annotation(4, Optional.empty()), false);

        int[] place = place(picture);
        // without text there is room for one tick in 60 pixels: 0, at the centre of the first element
        assertEquals(0x6b7280, picture.getRGB(place[0] + 2, place[1] + 41) & 0xffffff);
        assertEquals(0x6b7280, picture.getRGB(place[0] - 2, place[1] + 2) & 0xffffff);
        assertEquals(0xffffff, picture.getRGB(place[0] + 6, place[1] + 41) & 0xffffff);
    }

    @Test
    void shouldWriteThePictureWithText() throws IOException {
        Path file = directory.resolve("annotated.png");
        Annotation annotation = new Annotation(
                "cam   frame 7",
                4,
                Optional.of(bar(-1, 1)),
                List.of(new Annotation.Mark(0xff00ff, "not finite: 3")),
                List.of());

        AnnotatedPicture.write(file, RASTER, annotation, Map.of("Stretch", "linear"));

        BufferedImage picture = ImageIO.read(file.toFile());
        assertContainsTheRaster(picture);
        boolean hasMark = false;
        for (int x = 0; x < picture.getWidth(); x++) {
            for (int y = place(picture)[1] + 40; y < picture.getHeight(); y++) {
                hasMark |= (picture.getRGB(x, y) & 0xffffff) == 0xff00ff;
            }
        }
        assertTrue(hasMark, "the key to the mark");
    }

    @Test
    void shouldChooseRoundValuesAlongALinearBar() {
        assertEquals(
                List.of("0", "20", "40", "60", "80", "100"), labels(bar(0, 100).ticks(0.1)));
        assertEquals(List.of(), labels(bar(Double.NaN, Double.NaN).ticks(0.1)));
        assertEquals(List.of(), labels(bar(5, 5).ticks(0.1)));
    }

    @Test
    void shouldAddFinerValuesWhereAStretchMovesThemApart() {
        ColourBar bar = new ColourBar(RED_RAMP, 0, 10_000, x -> Math.log1p(1000 * x) / Math.log1p(1000), "counts");
        List<Tick> ticks = bar.ticks(0.08);

        double[] positions = ticks.stream()
                .mapToDouble(tick -> bar.position(tick.value()))
                .sorted()
                .toArray();
        assertTrue(ticks.size() >= 6, ticks.toString());
        for (int i = 1; i < positions.length; i++) {
            assertTrue(positions[i] - positions[i - 1] >= 0.08, ticks.toString());
            assertTrue(positions[i] - positions[i - 1] <= 0.4, ticks.toString());
        }
    }

    private static List<String> labels(List<Tick> ticks) {
        return ticks.stream()
                .sorted((one, other) -> Double.compare(one.value(), other.value()))
                .map(tick -> tick.label().orElseThrow())
                .toList();
    }

    @Test
    void shouldRefuseAPictureThatIsTooLarge() {
        Raster wide = new Raster(20_000, 10, (row, pixels) -> {});

        TestImages.assertOneLine(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> AnnotatedPicture.paint(wide, annotation(1, Optional.empty()), false)),
                "16000");
    }
}
