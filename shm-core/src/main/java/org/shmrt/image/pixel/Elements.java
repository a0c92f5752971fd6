package org.shmrt.image.pixel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;

/** Converts runs of elements of an image to Java numbers. Stateless; safe for any thread. */
public final class Elements {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Elements() {}

    /**
     * Reads integers exactly. The top bit of uint64 is inverted, so that the signed order of Java is the order of the
     * elements; {@link #integerText} and {@link #integerValue} convert back.
     *
     * @param image image of integers or booleans
     * @param first index of the first element
     * @param into receives the integers from its start
     * @param count number of elements
     */
    static void integers(MemoryImage image, long first, long[] into, int count) {
        MemorySegment data = image.data();
        long at = first * image.type().itemBytes();
        switch (image.type()) {
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    into[i] = data.get(BYTE, at + i) == 0 ? 0 : 1;
                }
            }
            case UINT8 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = data.get(BYTE, at + i) & 0xff;
                }
            }
            case INT8 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = data.get(BYTE, at + i);
                }
            }
            case UINT16 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = data.get(SHORT, at + 2L * i) & 0xffff;
                }
            }
            case INT16 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = data.get(SHORT, at + 2L * i);
                }
            }
            case UINT32 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = data.get(INT, at + 4L * i) & 0xffff_ffffL;
                }
            }
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = data.get(INT, at + 4L * i);
                }
            }
            case UINT64 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = data.get(LONG, at + 8L * i) ^ Long.MIN_VALUE;
                }
            }
            case INT64 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = data.get(LONG, at + 8L * i);
                }
            }
            default -> throw new IllegalArgumentException(image.type() + " is not an integer type");
        }
    }

    /** Formats an integer of {@link #integers} in decimal. */
    static String integerText(DataType type, long ordered) {
        return type == DataType.UINT64 ? Long.toUnsignedString(ordered ^ Long.MIN_VALUE) : Long.toString(ordered);
    }

    /** Converts an integer of {@link #integers} to the nearest double. */
    static double integerValue(DataType type, long ordered) {
        return type == DataType.UINT64 ? unsigned(ordered ^ Long.MIN_VALUE) : ordered;
    }

    /** Converts an unsigned integer to the nearest double. */
    static double unsigned(long bits) {
        // the bit that is lost by halving is kept for rounding
        return bits >= 0 ? bits : (bits >>> 1 | (bits & 1)) * 2.0;
    }

    /**
     * Reads elements of any type as doubles. Complex elements are converted to their magnitude.
     *
     * @param image image of any type
     * @param first index of the first element
     * @param into receives the doubles from its start
     * @param count number of elements
     */
    public static void doubles(MemoryImage image, long first, double[] into, int count) {
        MemorySegment data = image.data();
        long at = first * image.type().itemBytes();
        switch (image.type()) {
            case FLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = Float.float16ToFloat(data.get(SHORT, at + 2L * i));
                }
            }
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = data.get(FLOAT, at + 4L * i);
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = data.get(DOUBLE, at + 8L * i);
                }
            }
            case COMPLEX64 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = Math.hypot(data.get(FLOAT, at + 8L * i), data.get(FLOAT, at + 8L * i + 4));
                }
            }
            case COMPLEX128 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = Math.hypot(data.get(DOUBLE, at + 16L * i), data.get(DOUBLE, at + 16L * i + 8));
                }
            }
            default -> {
                long[] integers = new long[count];
                integers(image, first, integers, count);
                for (int i = 0; i < count; i++) {
                    into[i] = integerValue(image.type(), integers[i]);
                }
            }
        }
    }
}
