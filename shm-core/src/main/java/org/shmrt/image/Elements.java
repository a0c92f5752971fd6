package org.shmrt.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;

/** The elements of an image as Java numbers, a run at a time. */
final class Elements {
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
     * Reads integers exactly. Of uint64 the top bit is flipped, so that Java's signed order is theirs; see
     * {@link #integerText} for the way back.
     *
     * @param image of integers or booleans
     * @param first index of the first element
     * @param into filled from its start
     * @param count how many
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
            default -> throw new IllegalArgumentException(image.type() + " is no integer type");
        }
    }

    /** An integer of {@link #integers} in decimal. */
    static String integerText(DataType type, long ordered) {
        return type == DataType.UINT64 ? Long.toUnsignedString(ordered ^ Long.MIN_VALUE) : Long.toString(ordered);
    }

    /** An integer of {@link #integers} as the nearest double. */
    static double integerValue(DataType type, long ordered) {
        return type == DataType.UINT64 ? unsigned(ordered ^ Long.MIN_VALUE) : ordered;
    }

    /** The nearest double of an unsigned number. */
    static double unsigned(long bits) {
        // halved with the lost bit kept for rounding
        return bits >= 0 ? bits : (bits >>> 1 | (bits & 1)) * 2.0;
    }

    /**
     * Reads elements of any type as doubles, complex ones as their magnitude.
     *
     * @param image of any type
     * @param first index of the first element
     * @param into filled from its start
     * @param count how many
     */
    static void doubles(MemoryImage image, long first, double[] into, int count) {
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
                long[] whole = new long[count];
                integers(image, first, whole, count);
                for (int i = 0; i < count; i++) {
                    into[i] = integerValue(image.type(), whole[i]);
                }
            }
        }
    }
}
