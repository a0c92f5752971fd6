package org.shmrt.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
    private static final long SEED = 20261121L;
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "480x640 | 480x640 | 307200",
                "480,640 | 480x640 | 307200",
                "2*3*4 | 2x3x4 | 24",
                "5 | 5 | 5",
                " 7 X 8 | 7x8 | 56",
                "0x3 | 0x3 | 0",
                "9223372036854775807 | 9223372036854775807 | 9223372036854775807"
            })
    void shouldParseCommonNotations(String text, String printed, long elements) {
        Shape shape = Shape.parse(text);

        assertEquals(printed, shape.toString());
        assertEquals(elements, shape.elementCount());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "480x",
                "x640",
                "480xx640",
                "-1x2",
                "1.5x2",
                "480 640",
                "scalar",
                "9223372036854775808",
                "4294967296x4294967296"
            })
    void shouldRejectAnInvalidShape(String text) {
        assertThrows(IllegalArgumentException.class, () -> Shape.parse(text), text);
    }

    @Test
    void shouldRejectMoreThan63BitsOfElements() {
        long half = 1L << 32;

        assertEquals(1L << 62, Shape.of(half, half >> 2).elementCount());
        assertThrows(IllegalArgumentException.class, () -> Shape.of(half, half >> 1));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(1L << 31, 1L << 31, 4));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(0, half, half));
    }

    @Test
    void shouldRejectMoreThan63BitsOfBytes() {
        Shape shape = Shape.of(1L << 60);

        assertEquals(1L << 62, shape.byteSize(DataType.FLOAT32));
        assertThrows(IllegalArgumentException.class, () -> shape.byteSize(DataType.FLOAT64));
        assertThrows(IllegalArgumentException.class, () -> shape.byteSize(DataType.COMPLEX128));
    }

    @Test
    void shouldRejectNegativeAndTooManyAxes() {
        assertThrows(IllegalArgumentException.class, () -> Shape.of(2, -1));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(new long[Shape.MAX_AXES + 1]));
        assertEquals(Shape.MAX_AXES, Shape.of(new long[Shape.MAX_AXES]).rank());
    }

    @Test
    void shouldCountAScalarAsOneElement() {
        Shape scalar = Shape.of();

        assertEquals(0, scalar.rank());
        assertEquals(1, scalar.elementCount());
        assertEquals(0, scalar.elementIndex());
        assertEquals("scalar", scalar.toString());
    }

    @Test
    void shouldNotChangeWithTheArrayItWasCreatedFrom() {
        long[] lengths = {2, 3};
        Shape shape = Shape.of(lengths);

        lengths[0] = 99;
        shape.lengths()[1] = 99;

        assertEquals(Shape.of(2, 3), shape);
        assertEquals(Shape.of(2, 3).hashCode(), shape.hashCode());
        assertNotEquals(Shape.of(3, 2), shape);
        assertNotEquals(Shape.of(6), shape);
    }

    @Test
    void shouldCountElementsLikeExactArithmetic() {
        Random random = new Random(SEED);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            long[] lengths = new long[random.nextInt(5)];
            BigInteger exact = BigInteger.ONE;
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = random.nextLong() >>> (1 + random.nextInt(63));
                exact = exact.multiply(BigInteger.valueOf(Math.max(lengths[i], 1)));
            }
            boolean fits = exact.compareTo(LONG_MAX) <= 0;
            boolean empty = Arrays.stream(lengths).anyMatch(length -> length == 0);

            if (fits) {
                assertEquals(
                        empty ? 0 : exact.longValueExact(), Shape.of(lengths).elementCount());
                assertEquals(Shape.of(lengths), Shape.of(lengths).reversed().reversed());
            } else {
                refused++;
                assertThrows(IllegalArgumentException.class, () -> Shape.of(lengths));
            }
        }
        assertTrue(
                refused > 1000 && refused < 19_000,
                "the random shapes should include valid and invalid ones: " + refused);
    }

    @Test
    void shouldNumberElementsInCOrder() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            long[] lengths = random.longs(1 + random.nextInt(4), 1, 6).toArray();
            Shape shape = Shape.of(lengths);
            long[] indices = new long[lengths.length];

            for (long position = 0; position < shape.elementCount(); position++) {
                assertEquals(position, shape.elementIndex(indices));
                for (int axis = lengths.length - 1; axis >= 0 && ++indices[axis] == lengths[axis]; axis--) {
                    indices[axis] = 0;
                }
            }

            assertArrayEquals(new long[lengths.length], indices, "each element once");
        }
    }

    @Test
    void shouldRejectIndicesOutsideTheirAxes() {
        Shape shape = Shape.of(2, 3);

        assertThrows(IndexOutOfBoundsException.class, () -> shape.elementIndex(2, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> shape.elementIndex(0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> shape.elementIndex(0, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> shape.elementIndex(1));
        assertThrows(IndexOutOfBoundsException.class, () -> shape.elementIndex(1, 1, 0));
    }
}
