package org.shmrt.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.testing.BlockScratch;

/** Access to elements by index, slices, element orders and copies. */
class ArrayElementsTest {
    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    private SharedArray array;

    private SharedArray create(DataType type, long... lengths) {
        array = SharedArray.create(shared.name("a"), type, Shape.of(lengths));
        return array;
    }

    private SharedArray create(ArrayType type, long... lengths) {
        array = SharedArray.create(shared.name("a"), ArraySpec.of(type, Shape.of(lengths)));
        return array;
    }

    @AfterEach
    void delete() {
        if (array != null) {
            array.close();
            SharedArray.delete(shared.name("a"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INT8, -128, 127",
        "UINT8, 0, 255",
        "INT16, -32768, 32767",
        "UINT16, 0, 65535",
        "INT32, -2147483648, 2147483647",
        "UINT32, 0, 4294967295",
        "BOOL, 0, 1"
    })
    void shouldStoreOnlyIntegersInRange(DataType type, long min, long max) {
        create(type, 3);

        array.setLong(min, 0);
        array.setLong(max, 1);

        assertEquals(min, array.getLong(0));
        assertEquals(max, array.getLong(1));
        assertEquals((double) max, array.getDouble(1));
        assertThrows(IllegalArgumentException.class, () -> array.setLong(min - 1, 2));
        assertThrows(IllegalArgumentException.class, () -> array.setLong(max + 1, 2));
        assertEquals(0, array.getLong(2));
        if (type != DataType.UINT32) {
            assertEquals((int) max, array.getInt(1));
            array.setInt((int) max, 2);
            assertEquals(max, array.getLong(2));
        } else {
            assertThrows(IncompatibleException.class, () -> array.getInt(1));
        }
    }

    @Test
    void shouldStore64BitIntegers() {
        create(DataType.UINT64, 2);
        array.setLong(-1, 0);
        array.setInt(-1, 1);

        assertEquals("18446744073709551615", Long.toUnsignedString(array.getLong(0)));
        assertEquals(-1, array.getLong(1));
        assertThrows(IncompatibleException.class, () -> array.getDouble(0), "not every value is exact in a double");
    }

    @Test
    void shouldStoreBooleans() {
        create(DataType.BOOL, 2, 3);
        array.setBoolean(true, 1, 2);

        assertTrue(array.getBoolean(1, 2));
        assertFalse(array.getBoolean(0, 0));
        assertEquals(1, array.getInt(1, 2));
        assertEquals(1, array.segment().get(ValueLayout.JAVA_BYTE, 5));
    }

    @Test
    void shouldRoundToFloatTypesAndReadExactly() {
        create(DataType.FLOAT32, 3);
        array.setDouble(0.1, 0);
        array.setFloat(0.2f, 1);
        array.setDouble(1e300, 2);

        assertEquals(0.1f, array.getFloat(0));
        assertEquals(0.1f, array.getDouble(0));
        assertEquals(0.2f, array.getFloat(1));
        assertEquals(Double.POSITIVE_INFINITY, array.getDouble(2));
        assertThrows(IncompatibleException.class, () -> array.getInt(0));
        assertThrows(IncompatibleException.class, () -> array.setInt(1, 0));
    }

    @Test
    void shouldRoundToFloat16Once() {
        create(DataType.FLOAT16, 4);
        array.setDouble(65504, 0);
        // slightly above the midpoint of 1 and the next float16 value: rounded to float first it would become 1
        array.setDouble(1 + 0x1p-11 + 0x1p-40, 1);
        array.setDouble(1 + 0x1p-11, 2);
        array.setFloat(Float.NaN, 3);

        assertEquals(65504, array.getFloat(0));
        assertEquals(1 + 0x1p-10, array.getDouble(1));
        assertEquals(1, array.getDouble(2));
        assertTrue(Float.isNaN(array.getFloat(3)));
    }

    @Test
    void shouldRoundToTheNearestFloat16() {
        Random random = new Random(20261121L);
        for (int round = 0; round < 20_000; round++) {
            double value = Math.scalb(random.nextDouble() * 2 - 1, random.nextInt(44) - 27);
            short bits = Float16.of(value);
            float found = Float.float16ToFloat(bits);

            for (int step = -1; step <= 1; step += 2) {
                float neighbour = Float.float16ToFloat((short) (bits + step));
                if (Float.isFinite(found * neighbour) && found * neighbour > 0) {
                    BigDecimal near = new BigDecimal(found)
                            .subtract(new BigDecimal(value))
                            .abs();
                    assertTrue(
                            near.compareTo(new BigDecimal(neighbour)
                                            .subtract(new BigDecimal(value))
                                            .abs())
                                    <= 0,
                            value + " became " + found + ", and " + neighbour + " is nearer");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"COMPLEX64", "COMPLEX128"})
    void shouldStoreComplexNumbers(DataType type) {
        create(type, 2, 3);
        ComplexView complex = array.complex();
        complex.set(1.5, -2.5, 1, 2);

        assertEquals(1.5, complex.getReal(1, 2));
        assertEquals(-2.5, complex.getImaginary(1, 2));
        assertEquals(0, complex.getImaginary(0, 0));
        assertEquals(-2.5, array.slice(1).complex().getImaginary(2));
        assertEquals(-2.5, array.asColumnMajor().complex().getImaginary(2, 1));
        assertEquals(1.5, complex.getReal(new long[] {1, 2}));
        assertThrows(IndexOutOfBoundsException.class, () -> complex.set(0, 0, 2, 0));
        IncompatibleException exception = assertThrows(IncompatibleException.class, () -> array.getDouble(0, 0));
        assertTrue(exception.getMessage().contains("complex()"), exception.getMessage());
    }

    @Test
    void shouldRejectAComplexViewOfRealNumbers() {
        create(DataType.FLOAT64, 2);

        assertThrows(IncompatibleException.class, () -> array.complex());
    }

    @Test
    void shouldAccessElementsOfAnyNumberOfAxes() {
        create(DataType.INT32, 2, 3, 4, 5);
        int[] ramp = new int[120];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = i;
        }
        array.copyFrom(ramp);

        assertEquals(((1 * 3 + 2) * 4 + 3) * 5 + 4, array.getInt(1, 2, 3, 4));
        assertEquals(119, array.slice(1).getInt(2, 3, 4));
        assertEquals(119, array.slice(1).slice(2).getInt(3, 4));
        assertEquals(119, array.slice(1).slice(2).slice(3).getInt(4));
        assertEquals(119, array.slice(1).slice(2).slice(3).slice(4).getInt());
        assertEquals(119, array.asColumnMajor().getInt(4, 3, 2, 1));
        assertEquals(119, array.asColumnMajor().slice(1).getInt(4, 3, 2));
        assertEquals(119, array.asColumnMajor().slice(1).slice(2).getInt(4, 3));
        array.slice(1).setInt(-1, 2, 3, 4);
        assertEquals(-1, array.getInt(1, 2, 3, 4));
    }

    /** All index methods in both orders, compared with the arithmetic of the shape. */
    @Test
    void shouldAgreeWithTheShapeOnEveryElement() {
        create(DataType.INT64, 3, 4, 5);
        Shape shape = array.shape();
        ArrayView columnMajor = array.asColumnMajor();
        for (long i = 0; i < 3; i++) {
            for (long j = 0; j < 4; j++) {
                for (long k = 0; k < 5; k++) {
                    array.setLong(shape.elementIndex(i, j, k), i, j, k);
                }
            }
        }
        for (long i = 0; i < 3; i++) {
            for (long j = 0; j < 4; j++) {
                for (long k = 0; k < 5; k++) {
                    long wanted = shape.elementIndex(i, j, k);
                    assertEquals(wanted, array.segment().getAtIndex(ValueLayout.JAVA_LONG, wanted));
                    assertEquals(wanted, array.getLong(new long[] {i, j, k}));
                    assertEquals(wanted, columnMajor.getLong(k, j, i));
                    assertEquals(wanted, columnMajor.getLong(new long[] {k, j, i}));
                    assertEquals(wanted, array.slice(i, 3).getLong(0, j, k));
                    assertEquals(wanted, columnMajor.slice(i).getLong(k, j));
                    assertEquals(
                            wanted, columnMajor.slice(i, i + 1).asRowMajor().getLong(0, j, k));
                }
            }
        }
    }

    @Test
    void shouldRejectWrongIndices() {
        create(DataType.FLOAT64, 3, 4);
        for (Runnable use : new Runnable[] {
            () -> array.getDouble(3, 0),
            () -> array.getDouble(0, 4),
            () -> array.getDouble(-1, 0),
            () -> array.getDouble(0, -1),
            () -> array.getDouble(0),
            () -> array.getDouble(0, 0, 0),
            () -> array.getDouble(),
            () -> array.getDouble(0, 0, 0, 0),
            () -> array.getDouble(Long.MAX_VALUE, 0),
            () -> array.getDouble(Long.MIN_VALUE, Long.MIN_VALUE),
            () -> array.setDouble(0, 3, 0),
            () -> array.slice(3),
            () -> array.slice(-1),
            () -> array.slice(2, 1),
            () -> array.slice(0, 4),
            () -> array.slice(-1, 2),
            () -> array.asColumnMajor().getDouble(0, 3),
            () -> array.slice(Long.MAX_VALUE)
        }) {
            IndexOutOfBoundsException exception = assertThrows(IndexOutOfBoundsException.class, use::run);
            assertTrue(exception.getMessage().contains(shared.name("a")), exception.getMessage());
        }
        assertEquals(Shape.of(0, 4), array.slice(3, 3).shape());
    }

    @Test
    void shouldReportTheWrongIndexAndItsAxis() {
        create(DataType.FLOAT64, 3, 4);

        assertEquals(
                "index 4 on axis 1 of shape 3x4 of the array " + shared.name("a"),
                assertThrows(IndexOutOfBoundsException.class, () -> array.getDouble(2, 4))
                        .getMessage());
        assertEquals(
                "1 indices for shape 3x4 of the array " + shared.name("a"),
                assertThrows(IndexOutOfBoundsException.class, () -> array.getDouble(2))
                        .getMessage());
    }

    @Test
    void shouldReportTheAccessorsOfAType() {
        create(DataType.UINT32, 3);

        String message = assertThrows(IncompatibleException.class, () -> array.getFloat(0))
                .getMessage();

        assertTrue(message.endsWith("holds uint32, which is not a float: use getLong and setLong"), message);
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void shouldCopyInMemoryOrder(DataType type) {
        create(type, 4, 2);
        byte[] bits = new byte[8 * type.itemBytes()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) (i + 1);
        }
        MemorySegment.copy(MemorySegment.ofArray(bits), 0, array.segment(), 0, bits.length);
        byte[] out = new byte[bits.length];

        array.copyTo(MemorySegment.ofArray(out));
        assertArrayEquals(bits, out);
        array.slice(1).copyFrom(array.slice(0).segment());
        System.arraycopy(bits, 0, bits, bits.length / 4, bits.length / 4);
        assertArrayEquals(bits, array.segment().toArray(ValueLayout.JAVA_BYTE));
        assertEquals(ByteBuffer.wrap(bits), array.asByteBuffer());
        assertThrows(IllegalArgumentException.class, () -> array.copyTo(MemorySegment.ofArray(new byte[1])));
        assertThrows(IllegalArgumentException.class, () -> array.copyFrom(MemorySegment.ofArray(new byte[1000])));
    }

    @Test
    void shouldCopyOnlyToJavaArraysOfTheSameWidth() {
        create(DataType.UINT16, 3);
        array.copyFrom(new short[] {1, -1, 3});
        short[] out = new short[3];
        array.copyTo(out);

        assertArrayEquals(new short[] {1, -1, 3}, out);
        assertEquals(65535, array.getInt(1));
        String message = assertThrows(IncompatibleException.class, () -> array.copyTo(new int[3]))
                .getMessage();
        assertTrue(message.contains("short[], not a int[]"), message);
        assertThrows(IncompatibleException.class, () -> array.copyFrom(new double[3]));
        assertThrows(IllegalArgumentException.class, () -> array.copyTo(new short[2]));
        assertThrows(IllegalArgumentException.class, () -> array.copyFrom(new short[4]));
    }

    @Test
    void shouldCopyJavaArraysOfEachType() {
        Object[] arrays = {
            new byte[] {1, 2}, new int[] {3, -4}, new long[] {5, -6}, new float[] {7, 8}, new double[] {9, 10}
        };
        DataType[] types = {DataType.INT8, DataType.UINT32, DataType.INT64, DataType.COMPLEX64, DataType.COMPLEX128};
        for (int i = 0; i < arrays.length; i++) {
            create(types[i], types[i].isComplex() ? 1 : 2);
            switch (arrays[i]) {
                case byte[] in -> {
                    array.copyFrom(in);
                    byte[] out = new byte[2];
                    array.copyTo(out);
                    assertArrayEquals(in, out);
                }
                case int[] in -> {
                    array.copyFrom(in);
                    int[] out = new int[2];
                    array.copyTo(out);
                    assertArrayEquals(in, out);
                    assertEquals(4294967292L, array.getLong(1));
                }
                case long[] in -> {
                    array.copyFrom(in);
                    long[] out = new long[2];
                    array.copyTo(out);
                    assertArrayEquals(in, out);
                }
                case float[] in -> {
                    array.copyFrom(in);
                    float[] out = new float[2];
                    array.copyTo(out);
                    assertArrayEquals(in, out);
                    assertEquals(8, array.complex().getImaginary(0));
                }
                case double[] in -> {
                    array.copyFrom(in);
                    double[] out = new double[2];
                    array.copyTo(out);
                    assertArrayEquals(in, out);
                    assertEquals(9, array.complex().getReal(0));
                }
                default -> throw new AssertionError();
            }
            delete();
            array = null;
        }
    }

    @Test
    void shouldAccessTypesUnknownToJavaAsBytes() {
        create(ArrayType.unicode(2), 2);
        array.element(1).copyFrom(MemorySegment.ofArray("xy".getBytes(Charset.forName("UTF-32LE"))));
        byte[] out = new byte[16];
        array.copyTo(out);

        assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 'x', 0, 0, 0, 'y', 0, 0, 0}, out);
        assertThrows(IndexOutOfBoundsException.class, () -> array.element(2));
        String message = assertThrows(IncompatibleException.class, () -> array.getLong(0))
                .getMessage();
        assertTrue(message.contains("holds <U2") && message.contains("accessible as bytes only"), message);
    }

    @Test
    void shouldAccessDatesAsLongs() {
        create(ArrayType.DATETIME64, 2);
        array.setLong(86400, 1);

        assertEquals(86400, array.getLong(1));
        long[] out = new long[2];
        array.copyTo(out);
        assertArrayEquals(new long[] {0, 86400}, out);
    }
}
