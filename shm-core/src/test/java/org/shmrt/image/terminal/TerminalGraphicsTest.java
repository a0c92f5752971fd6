package org.shmrt.image.terminal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.image.colour.ColourMap;

class TerminalGraphicsTest {
    private static Pixels noise(int width, int height, int colours) {
        Random random = new Random(3);
        int[] palette = random.ints(colours, 0, 1 << 24).toArray();
        return new Pixels(
                width,
                height,
                random.ints((long) width * height, 0, colours)
                        .map(i -> palette[i])
                        .toArray());
    }

    private static int worst(Pixels one, Pixels other) {
        int worst = 0;
        for (int i = 0; i < one.rgb().length; i++) {
            assertTrue(other.rgb()[i] >= 0, "pixel " + i + " is not drawn");
            for (int shift = 0; shift <= 16; shift += 8) {
                worst = Math.max(worst, Math.abs((one.rgb()[i] >> shift & 0xff) - (other.rgb()[i] >> shift & 0xff)));
            }
        }
        return worst;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 6", "6, 13", "300, 100"})
    void shouldSendPicturesToKittyWithoutLoss(int width, int height) {
        Pixels pixels = noise(width, height, 1000);

        List<TerminalDecoder.KittyPicture> received = TerminalDecoder.kitty(Kitty.encode(pixels, 12, 5, 42));

        assertEquals(1, received.size());
        assertArrayEquals(pixels.rgb(), received.getFirst().pixels().rgb());
        assertEquals("42", received.getFirst().keys().get("i"));
        assertEquals("12", received.getFirst().keys().get("c"));
        assertEquals("5", received.getFirst().keys().get("r"));
        assertEquals("2", received.getFirst().keys().get("q"), "the terminal must not answer");
        assertEquals("T", received.getFirst().keys().get("a"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 6", "6, 13", "300, 101"})
    void shouldDrawSixelsInTheColoursOfThePicture(int width, int height) {
        Pixels pixels = noise(width, height, 250);

        List<Pixels> drawn = TerminalDecoder.sixels(Sixel.encode(pixels));

        assertEquals(1, drawn.size());
        assertEquals(width, drawn.getFirst().width());
        // components of sixels are percentages
        assertTrue(worst(pixels, drawn.getFirst()) <= 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {258, 400, 20_000})
    void shouldRoundColoursThatAreTooManyForSixels(int colours) {
        Pixels pixels = noise(200, 120, colours);

        Pixels drawn = TerminalDecoder.sixels(Sixel.encode(pixels)).getFirst();

        assertTrue(worst(pixels, drawn) <= 27, "worst " + worst(pixels, drawn));
    }

    @Test
    void shouldKeepAllColoursOfAMapAndTheMarksInSixels() {
        byte[] rgb = ColourMap.VIRIDIS.rgb();
        int[] colours = new int[258];
        for (int i = 0; i < 256; i++) {
            colours[i] = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff);
        }
        colours[256] = ColourMap.NOT_FINITE_RGB;
        colours[257] = ColourMap.SATURATED_RGB;
        Pixels pixels = new Pixels(129, 2, colours);

        assertTrue(worst(pixels, TerminalDecoder.sixels(Sixel.encode(pixels)).getFirst()) <= 5);
    }

    @Test
    void shouldRepeatEqualSixels() {
        Pixels flat = new Pixels(500, 6, new int[3000]);

        assertEquals("\033P0;1;0q\"1;1;500;6#0;2;0;0;0#0!500~-\033\\", Sixel.encode(flat));
    }

    @Test
    void shouldDrawTwoPixelsInEachBlock() {
        Pixels pixels = noise(9, 4, 20);

        Pixels drawn = TerminalDecoder.halfBlocks(HalfBlocks.lines(pixels, HalfBlocks.Depth.TRUE_COLOUR));

        assertArrayEquals(pixels.rgb(), drawn.rgb());
    }

    @Test
    void shouldLeaveTheHalfBelowTheLastRowEmpty() {
        Pixels drawn = TerminalDecoder.halfBlocks(
                HalfBlocks.lines(new Pixels(2, 1, new int[] {1, 2}), HalfBlocks.Depth.TRUE_COLOUR));

        assertArrayEquals(new int[] {1, 2, -1, -1}, drawn.rgb());
    }

    @Test
    void shouldChangeColoursOnlyWhereTheyDiffer() {
        assertEquals(
                List.of("\033[38;5;16m\033[48;5;16m\u2580\u2580\033[38;5;231m\u2580\033[0m"),
                HalfBlocks.lines(new Pixels(3, 2, new int[] {0, 0, 0xffffff, 0, 0, 0}), HalfBlocks.Depth.PALETTE));
    }

    @ParameterizedTest
    @CsvSource({
        "000000, 16",
        "ffffff, 231",
        "ff0000, 196",
        "0000ff, 21",
        "808080, 244",
        "080808, 232",
        "eeeeee, 255",
        "5f87af, 67",
        "5e88ae, 67"
    })
    void shouldFindTheNearestColourOfThePalette(String rgb, int index) {
        assertEquals(index, HalfBlocks.nearest(Integer.parseInt(rgb, 16)));
    }

    @Test
    void shouldShowBrightPixelsWithMoreInk() {
        int[] greys = new int[10];
        for (int i = 0; i < greys.length; i++) {
            greys[i] = 255 * i / 9 * 0x010101;
        }
        assertEquals(List.of(" .:-=", "+*#%@"), Characters.lines(new Pixels(5, 2, greys), 1, 2));
        assertEquals(List.of("?!"), Characters.lines(new Pixels(2, 1, new int[] {1, 2}), 1, 2));
    }
}
