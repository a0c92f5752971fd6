package org.shmrt.image.colour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ColourMapTest {
    private static int colour(byte[] rgb, int index) {
        return (rgb[3 * index] & 0xff) << 16 | (rgb[3 * index + 1] & 0xff) << 8 | (rgb[3 * index + 2] & 0xff);
    }

    /** Relative luminance of sRGB, 0 to 1. */
    private static double luminance(int rgb) {
        return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
    }

    private static double linear(int component) {
        double value = (component & 0xff) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    /** The colours that matplotlib 3 returns for these indices of its maps. */
    @ParameterizedTest
    @CsvSource({
        "VIRIDIS, 0, 440154",
        "VIRIDIS, 64, 3b528b",
        "VIRIDIS, 128, 21918c",
        "VIRIDIS, 192, 5ec962",
        "VIRIDIS, 255, fde725",
        "INFERNO, 0, 000004",
        "INFERNO, 64, 57106e",
        "INFERNO, 128, bc3754",
        "INFERNO, 192, f98e09",
        "INFERNO, 255, fcffa4",
        "CYCLIC, 0, e2d9e2",
        "CYCLIC, 255, e2d9e2",
        "GREY, 0, 000000",
        "GREY, 77, 4d4d4d",
        "GREY, 255, ffffff"
    })
    void shouldHaveTheStandardColours(ColourMap map, int index, String expected) {
        assertEquals(expected, String.format("%06x", colour(map.rgb(), index)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldHave256ColoursThatDifferFromTheSpecialOnes(ColourMap map) {
        byte[] rgb = map.rgb();

        assertEquals(768, rgb.length);
        for (int i = 0; i < 256; i++) {
            assertNotEquals(ColourMap.NOT_FINITE_RGB, colour(rgb, i));
            assertNotEquals(ColourMap.SATURATED_RGB, colour(rgb, i));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReturnACopy(ColourMap map) {
        byte[] first = map.rgb();
        byte[] expected = first.clone();
        first[100] ^= 1;

        assertArrayEquals(expected, map.rgb());
    }

    @ParameterizedTest
    @EnumSource(names = {"GREY", "VIRIDIS", "INFERNO"})
    void shouldBecomeLighterWithEachColour(ColourMap map) {
        byte[] rgb = map.rgb();

        for (int i = 1; i < 256; i++) {
            // the components are rounded to 8 bits
            assertTrue(luminance(colour(rgb, i)) > luminance(colour(rgb, i - 1)) - 1e-3, map + " " + i);
        }
    }

    @Test
    void shouldBalanceBlueAndRed() {
        byte[] rgb = ColourMap.BLUE_RED.rgb();

        for (int i = 0; i < 128; i++) {
            int blue = colour(rgb, i);
            int red = colour(rgb, 255 - i);
            assertTrue((blue & 0xff) > (blue >> 16 & 0xff), "blue side " + i);
            assertTrue((red >> 16 & 0xff) > (red & 0xff), "red side " + i);
            assertEquals(luminance(blue), luminance(red), 0.06, "luminance at a distance of " + i + " from the ends");
            assertTrue(i == 0 || luminance(blue) > luminance(colour(rgb, i - 1)) - 1e-3, "lighter to the centre");
        }
        assertTrue(luminance(colour(rgb, 128)) > 0.85, "the centre is nearly white");
        assertTrue(luminance(colour(rgb, 0)) < 0.1, "the ends are dark");
    }

    @Test
    void shouldCloseTheCycleWithoutAStep() {
        byte[] rgb = ColourMap.CYCLIC.rgb();

        for (int i = 1; i < 256; i++) {
            for (int channel = 0; channel < 3; channel++) {
                int step = (rgb[3 * i + channel] & 0xff) - (rgb[3 * (i - 1) + channel] & 0xff);
                assertTrue(Math.abs(step) <= 8, "step " + step + " at " + i);
            }
        }
        assertEquals(colour(rgb, 0), colour(rgb, 255));
    }

    @Test
    void shouldBeFoundByLabel() {
        assertEquals(Optional.of(ColourMap.BLUE_RED), ColourMap.named("blue-red"));
        assertEquals(Optional.of(ColourMap.VIRIDIS), ColourMap.named("VIRIDIS"));
        assertEquals(Optional.empty(), ColourMap.named("jet"));
        assertEquals("grey, viridis, inferno, blue-red, cyclic", ColourMap.labels());
    }
}
