package org.shmrt.image.colour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.memory.DataType;

class ColourScaleTest {
    /** Values of astropy 7: LogStretch(1000), SqrtStretch(), AsinhStretch(0.1). */
    @ParameterizedTest
    @CsvSource({
        "LINEAR, 0.25, 0.25",
        "LOG, 0.001, 0.10032882",
        "LOG, 0.25, 0.79977552",
        "SQRT, 0.25, 0.5",
        "ASINH, 0.05, 0.16049901",
        "ASINH, 0.25, 0.54940249"
    })
    void shouldStretchAsOtherViewersDo(Stretch stretch, double position, double level) {
        assertEquals(level, stretch.apply(position), 1e-7);
        assertEquals(position, stretch.inverse(level), 1e-7);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepBothEnds(Stretch stretch) {
        assertEquals(0, stretch.apply(0), 0);
        assertEquals(1, stretch.apply(1), 1e-15);
        assertEquals(0, stretch.inverse(0), 0);
        assertEquals(1, stretch.inverse(1), 1e-12);
        assertEquals(Optional.of(stretch), Stretch.named(stretch.label()));
    }

    @Test
    void shouldGiveTheEndsToValuesOutsideTheLimits() {
        ColourScale scale = ColourScale.of(ColourMap.GREY, Stretch.LINEAR, new Limits.Range(10, 20));

        assertEquals(0, scale.index(-1e300));
        assertEquals(0, scale.index(10));
        assertEquals(128, scale.index(15));
        assertEquals(255, scale.index(20));
        assertEquals(255, scale.index(1e300));
        assertEquals(0x808080, scale.rgb(15));
    }

    @ParameterizedTest
    @EnumSource
    void shouldMarkValuesThatAreNotFiniteOrSaturated(ColourMap map) {
        ColourScale scale =
                ColourScale.of(map, Stretch.ASINH, new Limits.Range(0, 50)).withSaturation(40);

        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertEquals(ColourScale.NOT_FINITE, scale.index(value));
            assertEquals(ColourMap.NOT_FINITE_RGB, scale.rgb(value));
        }
        assertEquals(ColourScale.SATURATED, scale.index(40));
        assertEquals(ColourMap.SATURATED_RGB, scale.rgb(1e9));
        byte[] rgb = new byte[3 + 6];
        scale.map(new double[] {Double.NaN, 41, 0}, 2, rgb, 3);
        assertArrayEquals(new byte[] {0, 0, 0, -1, 0, -1, 0, -1, -1}, rgb);
    }

    @Test
    void shouldNotOverflow() {
        Limits.Range widest = new Limits.Range(-Double.MAX_VALUE, Double.MAX_VALUE);
        ColourScale scale = ColourScale.of(ColourMap.GREY, Stretch.LINEAR, widest);

        assertEquals(0, scale.index(-Double.MAX_VALUE));
        assertEquals(128, scale.index(0));
        assertEquals(255, scale.index(Double.MAX_VALUE));
    }

    @Test
    void shouldGiveOneValueTheFirstColour() {
        ColourScale scale = ColourScale.of(ColourMap.GREY, Stretch.LOG, new Limits.Range(7, 7));

        assertEquals(0, scale.index(7));
        assertEquals(0, scale.index(6));
        assertEquals(255, scale.index(8));
        assertEquals(
                0,
                ColourScale.of(ColourMap.GREY, Stretch.LOG, Limits.Range.NONE).level(1));
    }

    @Test
    void shouldKnowWhereIntegersSaturate() {
        assertEquals(255, ColourScale.largest(DataType.UINT8));
        assertEquals(32767, ColourScale.largest(DataType.INT16));
        assertEquals(65535, ColourScale.largest(DataType.UINT16));
        assertEquals(0x1p63, ColourScale.largest(DataType.INT64));
        assertEquals(0x1p64, ColourScale.largest(DataType.UINT64));
        assertThrows(IllegalArgumentException.class, () -> ColourScale.largest(DataType.FLOAT32));
        assertThrows(IllegalArgumentException.class, () -> ColourScale.largest(DataType.BOOL));
    }
}
