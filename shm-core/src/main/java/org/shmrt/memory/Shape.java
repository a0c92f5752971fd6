package org.shmrt.memory;

import java.util.Arrays;

/**
 * The lengths of an image's axes in numpy's order: the slowest axis first, {@code rows x columns} for an
 * image. Printed and parsed as {@code 480x640}. A shape without axes is a scalar of one element; an axis
 * may have length 0. The number of elements always fits a {@code long}.
 *
 * <p>Immutable; safe for any thread. Example: {@code Shape.of(480, 640).elementCount()} is 307200.
 */
public final class Shape {
    /** More axes than any of the formats can store. */
    public static final int MAX_AXES = 64;

    private final long[] lengths;
    private final long elementCount;

    private Shape(long[] lengths, long elementCount) {
        this.lengths = lengths;
        this.elementCount = elementCount;
    }

    /**
     * A shape of the given axis lengths.
     *
     * @param lengths slowest axis first, none negative, at most {@link #MAX_AXES}
     * @return the shape
     * @throws IllegalArgumentException if a length is negative, there are too many, or the number of
     *     elements does not fit 63 bits
     */
    public static Shape of(long... lengths) {
        if (lengths.length > MAX_AXES) {
            throw new IllegalArgumentException(lengths.length + " axes: at most " + MAX_AXES + " are possible");
        }
        long[] copy = lengths.clone();
        long count = 1;
        boolean empty = false;
        for (long length : copy) {
            if (length < 0) {
                throw new IllegalArgumentException("shape " + text(copy) + ": an axis cannot be negative");
            }
            empty |= length == 0;
        }
        for (long length : copy) {
            // An overflowing product is refused even where another axis is 0: strides would overflow too.
            long factor = Math.max(length, 1);
            if (Math.multiplyHigh(count, factor) != 0 || count * factor < 0) {
                throw new IllegalArgumentException("shape " + text(copy) + ": more elements than 63 bits can count");
            }
            count *= factor;
        }
        return new Shape(copy, empty ? 0 : count);
    }

    /**
     * Reads a shape as it is printed.
     *
     * @param text axis lengths joined by {@code x}, {@code ,} or {@code *}, for example {@code 480x640}
     * @return the shape
     * @throws IllegalArgumentException if the text is not a shape
     */
    public static Shape parse(String text) {
        String[] parts = text.strip().split("[xX,*]", -1);
        long[] lengths = new long[parts.length];
        for (int i = 0; i < parts.length; i++) {
            try {
                lengths[i] = Long.parseLong(parts[i].strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "'" + text
                                + "' is not a shape: write axis lengths joined by x, rows first, for example 480x640",
                        e);
            }
        }
        return of(lengths);
    }

    /**
     * Number of axes.
     *
     * @return 0 for a scalar
     */
    public int rank() {
        return lengths.length;
    }

    /**
     * Length of one axis.
     *
     * @param axis 0 is the slowest
     * @return its length
     * @throws IndexOutOfBoundsException if there is no such axis
     */
    public long length(int axis) {
        return lengths[axis];
    }

    /**
     * All lengths, slowest axis first.
     *
     * @return a new array
     */
    public long[] lengths() {
        return lengths.clone();
    }

    /**
     * Number of elements, the product of the lengths.
     *
     * @return 1 for a scalar, 0 if an axis has length 0
     */
    public long elementCount() {
        return elementCount;
    }

    /**
     * Size of an image of this shape.
     *
     * @param type type of its elements
     * @return bytes
     * @throws IllegalArgumentException if the size does not fit 63 bits
     */
    public long byteSize(DataType type) {
        if (Math.multiplyHigh(elementCount, type.itemBytes()) != 0 || elementCount * type.itemBytes() < 0) {
            throw new IllegalArgumentException("shape " + this + " of " + type + ": more bytes than 63 bits can count");
        }
        return elementCount * type.itemBytes();
    }

    /**
     * The same elements seen along the axes in reverse: rows become columns.
     *
     * @return a shape with the lengths in opposite order
     */
    public Shape reversed() {
        long[] reversed = new long[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            reversed[i] = lengths[lengths.length - 1 - i];
        }
        return new Shape(reversed, elementCount);
    }

    /**
     * This shape without the axes of length 1. Shapes that differ only in such axes store their elements in the same
     * order.
     *
     * @return a shape with the same number of elements
     */
    public Shape squeezed() {
        return new Shape(Arrays.stream(lengths).filter(length -> length != 1).toArray(), elementCount);
    }

    /**
     * Position of an element in an image stored in C order (the last axis fastest).
     *
     * @param indices one index an axis
     * @return its position, 0 for the first element
     * @throws IndexOutOfBoundsException if the number of indices is not the rank, or one is outside its axis
     */
    public long elementIndex(long... indices) {
        if (indices.length != lengths.length) {
            throw new IndexOutOfBoundsException(indices.length + " indices for shape " + this);
        }
        long position = 0;
        for (int axis = 0; axis < lengths.length; axis++) {
            if (indices[axis] < 0 || indices[axis] >= lengths[axis]) {
                throw new IndexOutOfBoundsException(
                        "index " + indices[axis] + " on axis " + axis + " of shape " + this);
            }
            position = position * lengths[axis] + indices[axis];
        }
        return position;
    }

    private static String text(long[] lengths) {
        if (lengths.length == 0) {
            return "scalar";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lengths.length; i++) {
            text.append(i == 0 ? "" : "x").append(lengths[i]);
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(lengths, shape.lengths);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lengths);
    }

    @Override
    public String toString() {
        return text(lengths);
    }
}
