package org.shmrt.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Elements of any type as real numbers, for pictures and summaries. Not for hot paths: it decides per element. */
public final class Elements {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Elements() {
    }

    /**
     * One element as a real number: complex ones as their magnitude, unsigned ones without wrapping.
     *
     * @param type type of the elements
     * @param data elements, little-endian
     * @param index which one
     * @return its value; 64-bit integers are rounded to the nearest double
     */
    public static double real(DataType type, MemorySegment data, long index) {
        long at = index * type.itemBytes();
        return switch (type) {
            case UINT8, BOOL -> data.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, at);
            case UINT16 -> data.get(SHORT, at) & 0xffff;
            case INT16 -> data.get(SHORT, at);
            case UINT32 -> data.get(INT, at) & 0xffff_ffffL;
            case INT32 -> data.get(INT, at);
            case UINT64 -> unsigned(data.get(LONG, at));
            case INT64 -> data.get(LONG, at);
            case FLOAT16 -> Float.float16ToFloat(data.get(SHORT, at));
            case FLOAT32 -> data.get(FLOAT, at);
            case FLOAT64 -> data.get(DOUBLE, at);
            case COMPLEX64 -> Math.hypot(data.get(FLOAT, at), data.get(FLOAT, at + 4));
            case COMPLEX128 -> Math.hypot(data.get(DOUBLE, at), data.get(DOUBLE, at + 8));
        };
    }

    private static double unsigned(long value) {
        // Halving keeps the sign bit out; the lowest bit is kept so that rounding stays right.
        return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
    }
}
