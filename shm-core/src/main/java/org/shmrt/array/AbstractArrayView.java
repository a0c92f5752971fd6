package org.shmrt.array;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.Shape;

/** What {@link ArrayView} and {@link ComplexView} have in common: type and memory, and copies of all elements. */
abstract sealed class AbstractArrayView extends IndexedView permits NumericArrayView, ComplexView {
    private final ElementAccess elements;

    AbstractArrayView(ElementAccess elements, Shape shape, ElementOrder order) {
        super(elements.name(), elements.type().itemBytes(), shape, order);
        this.elements = elements;
    }

    final ElementAccess elements() {
        return elements;
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
     * Size of all elements together.
     *
     * @return bytes
     */
    public final long byteSize() {
        return elements.segment().byteSize();
    }

    /**
     * Address of the first element in the memory of this process. The data of a whole array begins on a page boundary,
     * except with {@link HeaderVersion#HEADER_160}.
     *
     * @return the address
     */
    public final long address() {
        return elements.segment().address();
    }

    /**
     * Whether elements may be written.
     *
     * @return false if the array is attached read-only
     */
    public final boolean isWritable() {
        return elements.isWritable();
    }

    /**
     * The memory of the elements, for the fastest access: a loop over it costs as much as a loop over a Java array. The
     * segment throws Java's own exceptions: {@link IllegalStateException} after the array is closed, and, possibly some
     * instructions late, {@link InternalError} if another process has truncated the file.
     *
     * @return exactly the bytes of the elements, little-endian; read-only if the array is attached read-only
     */
    public final MemorySegment segment() {
        return elements.segment();
    }

    /**
     * The memory of the elements as a buffer, which throws the same exceptions as {@link #segment()}.
     *
     * @return a little-endian buffer of exactly the bytes of the elements, read-only if the array is attached read-only
     * @throws IllegalArgumentException if the elements have 2 GiB or more: use slices or the segment
     */
    public final ByteBuffer asByteBuffer() {
        if (byteSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the array " + elements.name() + " has " + byteSize()
                    + " bytes, a ByteBuffer at most " + Integer.MAX_VALUE + ": use slices or the segment");
        }
        return elements.segment().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Copies all elements, in memory order.
     *
     * @param target exactly {@link #byteSize()} bytes
     * @throws IllegalArgumentException if the target has another size
     */
    public final void copyTo(MemorySegment target) {
        checkSize(target.byteSize());
        elements.read(target);
    }

    /**
     * Sets all elements, in memory order.
     *
     * @param source exactly {@link #byteSize()} bytes
     * @throws IllegalArgumentException if the source has another size
     */
    public final void copyFrom(MemorySegment source) {
        checkSize(source.byteSize());
        elements.write(source);
    }

    /**
     * Copies all elements, in memory order, of 8-bit types, booleans, and types that are accessible as bytes only.
     *
     * @param target exactly as many bytes as the elements have
     * @throws IllegalArgumentException if the target has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyTo(byte[] target) {
        checkArray(ElementAccess.BYTE, target.length);
        elements.read(ElementAccess.BYTE, target, target.length);
    }

    /**
     * Sets all elements, in memory order, of a type that {@link #copyTo(byte[])} copies.
     *
     * @param source exactly as many bytes as the elements have
     * @throws IllegalArgumentException if the source has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyFrom(byte[] source) {
        checkArray(ElementAccess.BYTE, source.length);
        elements.write(ElementAccess.BYTE, source, source.length);
    }

    /**
     * Copies all elements, in memory order, of 16-bit integers, or the bits of float16 ({@link Float#float16ToFloat}).
     *
     * @param target exactly as many components as elements
     * @throws IllegalArgumentException if the target has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyTo(short[] target) {
        checkArray(ElementAccess.SHORT, target.length);
        elements.read(ElementAccess.SHORT, target, target.length);
    }

    /**
     * Sets all elements, in memory order, of a type that {@link #copyTo(short[])} copies.
     *
     * @param source exactly as many components as elements
     * @throws IllegalArgumentException if the source has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyFrom(short[] source) {
        checkArray(ElementAccess.SHORT, source.length);
        elements.write(ElementAccess.SHORT, source, source.length);
    }

    /**
     * Copies all elements, in memory order, of 32-bit integers.
     *
     * @param target exactly as many components as elements
     * @throws IllegalArgumentException if the target has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyTo(int[] target) {
        checkArray(ElementAccess.INT, target.length);
        elements.read(ElementAccess.INT, target, target.length);
    }

    /**
     * Sets all elements, in memory order, of a type that {@link #copyTo(int[])} copies.
     *
     * @param source exactly as many components as elements
     * @throws IllegalArgumentException if the source has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyFrom(int[] source) {
        checkArray(ElementAccess.INT, source.length);
        elements.write(ElementAccess.INT, source, source.length);
    }

    /**
     * Copies all elements, in memory order, of 64-bit integers, dates and durations.
     *
     * @param target exactly as many components as elements
     * @throws IllegalArgumentException if the target has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyTo(long[] target) {
        checkArray(ElementAccess.LONG, target.length);
        elements.read(ElementAccess.LONG, target, target.length);
    }

    /**
     * Sets all elements, in memory order, of a type that {@link #copyTo(long[])} copies.
     *
     * @param source exactly as many components as elements
     * @throws IllegalArgumentException if the source has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyFrom(long[] source) {
        checkArray(ElementAccess.LONG, source.length);
        elements.write(ElementAccess.LONG, source, source.length);
    }

    /**
     * Copies all elements, in memory order, of float32, and complex64 as real, imaginary, real, ....
     *
     * @param target exactly as many components as elements, twice as many for complex64
     * @throws IllegalArgumentException if the target has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyTo(float[] target) {
        checkArray(ElementAccess.FLOAT, target.length);
        elements.read(ElementAccess.FLOAT, target, target.length);
    }

    /**
     * Sets all elements, in memory order, of a type that {@link #copyTo(float[])} copies.
     *
     * @param source exactly as many components as elements, twice as many for complex64
     * @throws IllegalArgumentException if the source has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyFrom(float[] source) {
        checkArray(ElementAccess.FLOAT, source.length);
        elements.write(ElementAccess.FLOAT, source, source.length);
    }

    /**
     * Copies all elements, in memory order, of float64, and complex128 as real, imaginary, real, ....
     *
     * @param target exactly as many components as elements, twice as many for complex128
     * @throws IllegalArgumentException if the target has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyTo(double[] target) {
        checkArray(ElementAccess.DOUBLE, target.length);
        elements.read(ElementAccess.DOUBLE, target, target.length);
    }

    /**
     * Sets all elements, in memory order, of a type that {@link #copyTo(double[])} copies.
     *
     * @param source exactly as many components as elements, twice as many for complex128
     * @throws IllegalArgumentException if the source has another length
     * @throws IncompatibleException if the elements have another type
     */
    public final void copyFrom(double[] source) {
        checkArray(ElementAccess.DOUBLE, source.length);
        elements.write(ElementAccess.DOUBLE, source, source.length);
    }

    private void checkSize(long bytes) {
        if (bytes != byteSize()) {
            throw new IllegalArgumentException("the " + shape().elementCount() + " elements (" + shape() + " " + type()
                    + ") of the array " + elements.name() + " have " + byteSize() + " bytes, not " + bytes);
        }
    }

    /** Rejects a Java array of the wrong type or size. */
    @SuppressWarnings("ReferenceEquality") // both are constants of ElementAccess
    private void checkArray(ValueLayout component, int length) {
        ValueLayout wanted = elements.component();
        if (wanted.carrier() != component.carrier()) {
            throw new IncompatibleException("the array " + elements.name() + " holds " + type()
                    + ", which is copied to and from a " + wanted.carrier() + "[], not a " + component.carrier()
                    + "[]");
        }
        checkSize(length * component.byteSize());
    }
}
