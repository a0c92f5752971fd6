package org.shmrt.array;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * The memory of a shared array or of a part of it: its type, shape and order, and copies of all of it. It is shared
 * memory: others may change it at any time, and nothing says when. Safe for any thread; no call orders memory.
 *
 * <p>Any access throws {@link org.shmrt.error.ClosedException} once the array is closed, {@link IncompatibleException}
 * if another process has cut its file off, and {@link AccessDeniedException} if it writes what was attached read-only.
 */
public abstract sealed class ArrayMemory permits ArrayNumbers, ComplexView {
    private final Elements elements;
    private final Shape shape;
    private final ElementOrder order;

    // Lengths and strides for 1, 2 and 3 indices. Lengths are 0 where the array has another number of axes, so that
    // one comparison checks both.
    private final long length1;
    private final long length2;
    private final long length2Second;
    private final long length3;
    private final long length3Second;
    private final long length3Third;
    private final long stride0;
    private final long stride1;
    private final long stride2;

    ArrayMemory(Elements elements, Shape shape, ElementOrder order) {
        this.elements = elements;
        this.shape = shape;
        this.order = order;
        int rank = shape.rank();
        length1 = rank == 1 ? shape.length(0) : 0;
        length2 = rank == 2 ? shape.length(0) : 0;
        length2Second = rank == 2 ? shape.length(1) : 0;
        length3 = rank == 3 ? shape.length(0) : 0;
        length3Second = rank == 3 ? shape.length(1) : 0;
        length3Third = rank == 3 ? shape.length(2) : 0;
        stride0 = rank > 0 ? strideBytes(0) : 0;
        stride1 = rank > 1 ? strideBytes(1) : 0;
        stride2 = rank > 2 ? strideBytes(2) : 0;
    }

    /** Distance of neighbours along an axis; meaningless where there is no element. */
    private long strideBytes(int axis) {
        long stride = elements.type().itemBytes();
        int from = order == ElementOrder.ROW_MAJOR ? axis + 1 : 0;
        int to = order == ElementOrder.ROW_MAJOR ? shape.rank() : axis;
        for (int faster = from; faster < to; faster++) {
            stride *= shape.length(faster);
        }
        return stride;
    }

    final Elements elements() {
        return elements;
    }

    /** Byte position of an element of a vector. */
    final long at(long i) {
        if (i < 0 || i >= length1) {
            throw outside(i);
        }
        return i * stride0;
    }

    /** Byte position of an element of a matrix. */
    final long at(long i, long j) {
        if (i < 0 || i >= length2 || j < 0 || j >= length2Second) {
            throw outside(i, j);
        }
        return i * stride0 + j * stride1;
    }

    /** Byte position of an element of a cube. */
    final long at(long i, long j, long k) {
        if (i < 0 || i >= length3 || j < 0 || j >= length3Second || k < 0 || k >= length3Third) {
            throw outside(i, j, k);
        }
        return i * stride0 + j * stride1 + k * stride2;
    }

    /** Byte position of an element, whatever the number of axes. */
    final long at(long[] indices) {
        if (indices.length != shape.rank()) {
            throw outside(indices);
        }
        long position = 0;
        for (int n = 0; n < indices.length; n++) {
            int axis = order == ElementOrder.ROW_MAJOR ? n : indices.length - 1 - n;
            if (indices[axis] < 0 || indices[axis] >= shape.length(axis)) {
                throw outside(indices);
            }
            position = position * shape.length(axis) + indices[axis];
        }
        return position * elements.type().itemBytes();
    }

    private IndexOutOfBoundsException outside(long... indices) {
        try {
            shape.elementIndex(indices);
        } catch (IndexOutOfBoundsException e) {
            return new IndexOutOfBoundsException(e.getMessage() + " of the array " + elements.name());
        }
        throw new AssertionError("indices inside the shape");
    }

    /**
     * Type of the elements.
     *
     * @return numpy's type
     */
    public final ArrayType type() {
        return elements.type();
    }

    /**
     * Lengths of the axes, in the order in which indices are given.
     *
     * @return the shape
     */
    public final Shape shape() {
        return shape;
    }

    /**
     * Which axis runs fastest in memory.
     *
     * @return row-major for what SharedArray stores, column-major for {@link ArrayView#asColumnMajor()}
     */
    public final ElementOrder order() {
        return order;
    }

    /**
     * Size of the elements together.
     *
     * @return bytes
     */
    public final long byteSize() {
        return elements.segment().byteSize();
    }

    /**
     * Where the elements begin in this process's memory. For a whole array the start of a page, except in the oldest
     * form.
     *
     * @return the address
     */
    public final long address() {
        return elements.segment().address();
    }

    /**
     * Whether elements may be written.
     *
     * @return false if the array was attached read-only
     */
    public final boolean isWritable() {
        return elements.isWritable();
    }

    /**
     * The elements' memory itself, for what has to be fastest: a loop over it costs what a loop over a Java array does.
     * Its accessors throw Java's own exceptions: {@link IllegalStateException} after the array is closed, and
     * {@link InternalError}, perhaps a little later, if another process cuts the file off.
     *
     * @return exactly the elements, little-endian; read-only if the array is
     */
    public final MemorySegment segment() {
        return elements.segment();
    }

    /**
     * The elements' memory as a buffer, with Java's own exceptions as for {@link #segment()}.
     *
     * @return a little-endian buffer of exactly the elements, read-only if the array is
     * @throws IllegalArgumentException if there are more than 2 GiB: take slices
     */
    public final ByteBuffer asByteBuffer() {
        if (byteSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the array " + elements.name() + " has " + byteSize()
                    + " bytes and a ByteBuffer at most " + Integer.MAX_VALUE + ": take slices, or its segment");
        }
        return elements.segment().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Copies all elements out, as they lie in memory.
     *
     * @param to exactly as many bytes
     */
    public final void copyTo(MemorySegment to) {
        checkSize(to.byteSize());
        elements.read(0, to);
    }

    /**
     * Sets all elements, as they lie in memory.
     *
     * @param from exactly as many bytes
     */
    public final void copyFrom(MemorySegment from) {
        checkSize(from.byteSize());
        elements.write(0, from);
    }

    /**
     * Copies all elements out, as they lie in memory: of 8-bit types, booleans, and those that are carried as bytes.
     *
     * @param to exactly as many
     */
    public final void copyTo(byte[] to) {
        elements.read(Elements.BYTE, to, checked("byte[]", to.length, Elements.BYTE));
    }

    /**
     * Sets all elements of a type of {@link #copyTo(byte[])}.
     *
     * @param from exactly as many
     */
    public final void copyFrom(byte[] from) {
        elements.write(Elements.BYTE, from, checked("byte[]", from.length, Elements.BYTE));
    }

    /**
     * Copies all elements out, as they lie in memory: 16-bit integers, or the bits of halves
     * ({@link Float#float16ToFloat}).
     *
     * @param to exactly as many
     */
    public final void copyTo(short[] to) {
        elements.read(Elements.SHORT, to, checked("short[]", to.length, Elements.SHORT));
    }

    /**
     * Sets all elements of a type of {@link #copyTo(short[])}.
     *
     * @param from exactly as many
     */
    public final void copyFrom(short[] from) {
        elements.write(Elements.SHORT, from, checked("short[]", from.length, Elements.SHORT));
    }

    /**
     * Copies all elements out, as they lie in memory: 32-bit integers.
     *
     * @param to exactly as many
     */
    public final void copyTo(int[] to) {
        elements.read(Elements.INT, to, checked("int[]", to.length, Elements.INT));
    }

    /**
     * Sets all elements of a type of {@link #copyTo(int[])}.
     *
     * @param from exactly as many
     */
    public final void copyFrom(int[] from) {
        elements.write(Elements.INT, from, checked("int[]", from.length, Elements.INT));
    }

    /**
     * Copies all elements out, as they lie in memory: 64-bit integers, dates and durations.
     *
     * @param to exactly as many
     */
    public final void copyTo(long[] to) {
        elements.read(Elements.LONG, to, checked("long[]", to.length, Elements.LONG));
    }

    /**
     * Sets all elements of a type of {@link #copyTo(long[])}.
     *
     * @param from exactly as many
     */
    public final void copyFrom(long[] from) {
        elements.write(Elements.LONG, from, checked("long[]", from.length, Elements.LONG));
    }

    /**
     * Copies all elements out, as they lie in memory: float32, and complex64 as real, imaginary, real, ...
     *
     * @param to exactly as many, or two for a complex element
     */
    public final void copyTo(float[] to) {
        elements.read(Elements.FLOAT, to, checked("float[]", to.length, Elements.FLOAT));
    }

    /**
     * Sets all elements of a type of {@link #copyTo(float[])}.
     *
     * @param from exactly as many, or two for a complex element
     */
    public final void copyFrom(float[] from) {
        elements.write(Elements.FLOAT, from, checked("float[]", from.length, Elements.FLOAT));
    }

    /**
     * Copies all elements out, as they lie in memory: float64, and complex128 as real, imaginary, real, ...
     *
     * @param to exactly as many, or two for a complex element
     */
    public final void copyTo(double[] to) {
        elements.read(Elements.DOUBLE, to, checked("double[]", to.length, Elements.DOUBLE));
    }

    /**
     * Sets all elements of a type of {@link #copyTo(double[])}.
     *
     * @param from exactly as many, or two for a complex element
     */
    public final void copyFrom(double[] from) {
        elements.write(Elements.DOUBLE, from, checked("double[]", from.length, Elements.DOUBLE));
    }

    private void checkSize(long bytes) {
        if (bytes != byteSize()) {
            throw new IllegalArgumentException("the " + shape.elementCount() + " elements (" + shape + " " + type()
                    + ") of the array " + elements.name() + " have " + byteSize() + " bytes, not " + bytes);
        }
    }

    /** Refuses a Java array of another kind or size; returns its length. */
    private int checked(String javaType, int length, ValueLayout component) {
        String wanted = javaType(type());
        if (!wanted.equals(javaType)) {
            throw new IncompatibleException("the array " + elements.name() + " holds " + type()
                    + ", which is copied to and from a " + wanted + ", not a " + javaType);
        }
        checkSize(length * component.byteSize());
        return length;
    }

    /** The Java array that holds the same bits in as many elements (or two a complex one). */
    private static String javaType(ArrayType type) {
        if (type.equals(ArrayType.DATETIME64) || type.equals(ArrayType.TIMEDELTA64)) {
            return "long[]";
        }
        DataType number = type.dataType();
        return switch (number) {
            case null -> "byte[]";
            case BOOL, INT8, UINT8 -> "byte[]";
            case INT16, UINT16, FLOAT16 -> "short[]";
            case INT32, UINT32 -> "int[]";
            case INT64, UINT64 -> "long[]";
            case FLOAT32, COMPLEX64 -> "float[]";
            case FLOAT64, COMPLEX128 -> "double[]";
        };
    }
}
