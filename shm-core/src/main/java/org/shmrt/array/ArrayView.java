package org.shmrt.array;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * A shared array or a part of it, by indices: the memory is the array's own, nothing is copied. Usable until the array
 * it came from is closed. Safe for any thread.
 *
 * <pre>{@code
 * try (SharedArray image = SharedArray.attach("shm://image")) {
 *     double corner = image.getDouble(0, 0);
 *     double[] row = new double[(int) image.shape().length(1)];
 *     image.slice(7).copyTo(row);
 * }
 * }</pre>
 */
public sealed class ArrayView extends ArrayNumbers permits SharedArray {
    ArrayView(Elements elements, Shape shape, ElementOrder order) {
        super(elements, shape, order);
    }

    /**
     * The part at one index of the slowest axis: of a row-major array the first, so a row of a matrix, a plane of a
     * cube; of a column-major view the last. numpy's {@code a[i]}.
     *
     * @param index on that axis
     * @return a view with one axis fewer
     * @throws IndexOutOfBoundsException if there is no such part
     */
    public final ArrayView slice(long index) {
        int axis = slowestAxis();
        long[] lengths = shape().lengths();
        checkRange(index, index + 1, lengths[axis]);
        long[] rest = order() == ElementOrder.ROW_MAJOR
                ? Arrays.copyOfRange(lengths, 1, lengths.length)
                : Arrays.copyOf(lengths, axis);
        return part(index, Shape.of(rest));
    }

    /**
     * The part between two indices of the slowest axis, as {@link #slice(long)} counts. numpy's {@code a[from:to]}.
     *
     * @param from first index
     * @param to index after the last
     * @return a view with as many axes
     * @throws IndexOutOfBoundsException if the range is not inside the axis
     */
    public final ArrayView slice(long from, long to) {
        int axis = slowestAxis();
        long[] lengths = shape().lengths();
        checkRange(from, to, lengths[axis]);
        lengths[axis] = to - from;
        return part(from, Shape.of(lengths));
    }

    private int slowestAxis() {
        if (shape().rank() == 0) {
            throw new IndexOutOfBoundsException(
                    "the array " + elements().name() + " is a scalar: it has no axis to slice");
        }
        return order() == ElementOrder.ROW_MAJOR ? 0 : shape().rank() - 1;
    }

    private void checkRange(long from, long to, long length) {
        if (from < 0 || from > to || to > length) {
            throw new IndexOutOfBoundsException("slice " + from + " to " + to + " of an axis of " + length
                    + " of the array " + elements().name() + " (" + shape() + ")");
        }
    }

    private ArrayView part(long index, Shape shape) {
        int axis = slowestAxis();
        long length = shape().length(axis);
        long step = length == 0 ? 0 : byteSize() / length;
        return new ArrayView(elements().part(index * step, shape.elementCount() * type().itemBytes()), shape, order());
    }

    /**
     * The same memory as a Fortran, MATLAB or LAPACK program sees it: the first axis runs fastest. The axes come in
     * reverse, so element (x, y) of the view is element (y, x) of the row-major array. numpy's {@code a.T}.
     *
     * @return a view, or this if it is column-major already
     */
    public final ArrayView asColumnMajor() {
        return order() == ElementOrder.COLUMN_MAJOR
                ? this
                : new ArrayView(elements(), shape().reversed(), ElementOrder.COLUMN_MAJOR);
    }

    /**
     * The same memory as numpy sees it: the last axis runs fastest.
     *
     * @return a view, or this if it is row-major already
     */
    public final ArrayView asRowMajor() {
        return order() == ElementOrder.ROW_MAJOR
                ? this
                : new ArrayView(elements(), shape().reversed(), ElementOrder.ROW_MAJOR);
    }

    /**
     * The elements as complex numbers.
     *
     * @return a view of the same shape and order
     * @throws IncompatibleException if they are none
     */
    public final ComplexView complex() {
        DataType number = type().dataType();
        if (number == null || !number.isComplex()) {
            throw new IncompatibleException(
                    "the array " + elements().name() + " holds " + type() + ", no complex numbers");
        }
        return new ComplexView(elements(), shape(), order());
    }

    /**
     * The bytes of one element, of any type: a string, a structure, a long double.
     *
     * @param indices one an axis
     * @return its memory, with Java's own exceptions as for {@link #segment()}
     */
    public final MemorySegment element(long... indices) {
        return segment().asSlice(at(indices), type().itemBytes());
    }
}
