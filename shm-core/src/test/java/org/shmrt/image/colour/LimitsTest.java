package org.shmrt.image.colour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

class LimitsTest {
    private static final Limits MIN_MAX = new Limits.MinMax();
    private static final Limits Z_SCALE = new Limits.ZScale();

    private static MemoryImage doubles(double... values) {
        return TestImages.of(DataType.FLOAT64, Shape.of(values.length), b -> {
            for (double value : values) {
                b.putDouble(value);
            }
        });
    }

    private static MemoryImage shorts(DataType type, int... values) {
        return TestImages.of(type, Shape.of(values.length), b -> {
            for (int value : values) {
                b.putShort((short) value);
            }
        });
    }

    /** Values from 100 to 150 of a fixed sequence, with outliers. */
    private static double[] background(int count, String kind) {
        double[] values = new double[count];
        long state = 12345;
        for (int i = 0; i < count; i++) {
            state = (state * 1103515245 + 12345) & 0x7fffffff;
            double value = 100 + 50 * (state / 2147483648.0);
            values[i] = switch (kind) {
                case "stars" -> i % 97 == 0 ? value + 5000 : value;
                case "nan" -> i % 5 == 0 ? Double.NaN : value;
                case "ints" -> Math.floor(value * 10);
                default -> value;
            };
        }
        return values;
    }

    @Test
    void shouldFindTheSmallestAndTheLargestFiniteValue() {
        assertEquals(
                new Limits.Range(-3, 9),
                MIN_MAX.of(doubles(Double.NaN, 9, -3, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)));
        assertEquals(new Limits.Range(5, 40000), MIN_MAX.of(shorts(DataType.UINT16, 40000, 5)));
        assertEquals(new Limits.Range(0, 0), MIN_MAX.of(doubles(-0.0)));
        assertEquals(
                new Limits.Range(0, 1), MIN_MAX.of(TestImages.of(DataType.BOOL, Shape.of(2), b -> b.put((byte) 1))));
        MemoryImage complex = TestImages.of(
                DataType.COMPLEX64,
                Shape.of(2),
                b -> b.putFloat(3).putFloat(4).putFloat(0).putFloat(-1));
        assertEquals(new Limits.Range(1, 5), MIN_MAX.of(complex));
    }

    @ParameterizedTest
    @ValueSource(strings = {"minmax", "zscale", "p1,p99"})
    void shouldHaveNoLimitsWithoutFiniteValues(String limits) {
        assertEquals(Limits.Range.NONE, Limits.parse(limits).of(doubles(Double.NaN, Double.POSITIVE_INFINITY)));
    }

    /** The values of numpy.percentile. */
    @Test
    void shouldInterpolatePercentilesAsNumpy() {
        Limits quartiles = new Limits.Percentiles(25, 75);

        assertEquals(new Limits.Range(1.75, 3.25), quartiles.of(doubles(4, Double.NaN, 1, 3, 2)));
        assertEquals(new Limits.Range(1.75, 3.25), quartiles.of(shorts(DataType.UINT16, 4, 1, 3, 2)));
        assertEquals(new Limits.Range(-3.25, -1.75), quartiles.of(shorts(DataType.INT16, -4, -1, -3, -2)));
        assertEquals(new Limits.Range(65532.75, 65534.25), quartiles.of(shorts(DataType.UINT16, -1, -2, -3, -4)));
        assertEquals(
                new Limits.Range(-32768, 32767),
                new Limits.Percentiles(0, 100).of(shorts(DataType.INT16, 32767, 0, -32768)));
        double[] hundred = new double[101];
        for (int i = 0; i < hundred.length; i++) {
            hundred[i] = 100 - i;
        }
        assertEquals(new Limits.Range(0.5, 99), new Limits.Percentiles(0.5, 99).of(doubles(hundred)));
    }

    /** The limits of astropy 7.1, {@code ZScaleInterval().get_limits(values)}. */
    @ParameterizedTest
    @CsvSource({
        "4096, flat, 100.04921858198941, 149.9487058725208",
        "4096, stars, 100.04921858198941, 225.64333059914804",
        "3700, nan, 100.13551225420088, 149.95125418063253",
        "60000, ints, 1000.0, 1499.0",
        "8, flat, 105.3384241880849, 133.74803168699145",
        "4, flat, 105.3384241880849, 133.74803168699145",
        "1999, stars, 100.00790988560766, 225.9598367835251"
    })
    void shouldHaveTheZscaleLimitsOfAstropy(int count, String kind, double low, double high) {
        Limits.Range range = Z_SCALE.of(doubles(background(count, kind)));

        assertEquals(low, range.low(), 1e-9);
        assertEquals(high, range.high(), 1e-9);
    }

    @Test
    void shouldLimitOneValueToIt() {
        assertEquals(new Limits.Range(7, 7), Z_SCALE.of(doubles(7, 7, 7, 7, 7, 7, 7)));
        assertEquals(new Limits.Range(7, 7), Z_SCALE.of(doubles(7)));
        assertEquals(new Limits.Range(7, 7), new Limits.Percentiles(1, 99).of(doubles(7)));
    }

    @Test
    void shouldParseEachForm() {
        assertEquals(MIN_MAX, Limits.parse("minmax"));
        assertEquals(Z_SCALE, Limits.parse(" ZScale "));
        assertEquals(new Limits.Fixed(-1.5, 4e3), Limits.parse("-1.5,4e3"));
        assertEquals(new Limits.Percentiles(0.5, 99.5), Limits.parse("P0.5,p99.5"));
        assertEquals(new Limits.Range(2, 3), Limits.parse("2,3").of(doubles(9)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "1,2,3", "p1,99", "1,p99", "a,b", "nan,1", "2,1", "1,1", "0,inf", "p99,p1", "p1,p101"})
    void shouldRefuseOtherForms(String text) {
        TestImages.assertOneLine(assertThrows(IllegalArgumentException.class, () -> Limits.parse(text)));
    }
}
