package org.shmrt.array;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * A shared array or a part of it. A view refers to the memory of the array and copies nothing; it is valid until the
 * array it was obtained from is closed.
 *
 * <pre>{@code
 * try (SharedArray image = SharedArray.attach("shm://image")) {
 *     double corner = image.getDouble(0, 0);
 *     double[] row = new double[(int) image.shape().length(1)];
 *     image.slice(7).copyTo(row);
 * }
 * }</pre>
 *
 * <p><b>Elements</b> are read and written one by one with the accessors in this table. Accessors with 1, 2 or 3 indices
 * do not allocate. What is read is exact, and every access checks, in about 1 ns, that the memory is still there; a loop
 * over {@link #segment()} omits this check.
 *
 * <table>
 * <caption>Accessors for each type</caption>
 * <tr><th>numpy</th><th>get</th><th>set</th></tr>
 * <tr><td>bool</td><td>Boolean; Int, Long, Double as 0 or 1</td><td>Boolean; Int, Long of 0 or 1</td></tr>
 * <tr><td>int8, uint8, int16, uint16, int32</td><td>Int, Long, Double</td><td>Int, Long</td></tr>
 * <tr><td>uint32</td><td>Long, Double</td><td>Long, Int</td></tr>
 * <tr><td>int64, dates, durations</td><td>Long</td><td>Long, Int</td></tr>
 * <tr><td>uint64</td><td>Long: its 64 bits, see {@link Long#toUnsignedString(long)}</td><td>Long, Int</td></tr>
 * <tr><td>float16, float32</td><td>Float, Double</td><td>Float, Double: rounded to the nearest value</td></tr>
 * <tr><td>float64</td><td>Double</td><td>Double, Float</td></tr>
 * <tr><td>complex64, complex128</td><td colspan="2">{@link ArrayView#complex()}</td></tr>
 * </table>
 *
 * <p><b>Exceptions</b> of all methods that access elements:
 *
 * <ul>
 *   <li>{@link IndexOutOfBoundsException} if the number of indices is not the number of axes, or an index is outside its
 *       axis
 *   <li>{@link IncompatibleException} if the type has no such accessor, or if another process has truncated the file
 *   <li>{@link IllegalArgumentException} if an integer is outside the range of the type
 *   <li>{@link org.shmrt.error.AccessDeniedException} on writing to an array that is attached read-only
 *   <li>{@link org.shmrt.error.ClosedException} after the array is closed
 * </ul>
 *
 * <p><b>Threads.</b> Safe for use by multiple threads and processes, but unsynchronized: other processes may change
 * elements at any time, no method orders memory accesses, and a copy may contain both old and new elements.
 */
public sealed class ArrayView extends NumericArrayView permits SharedArray {
    ArrayView(ElementAccess elements, Shape shape, ElementOrder order) {
        super(elements, shape, order);
    }

    /**
     * The part at one index of the slowest axis: the first axis of a row-major array, which gives a row of a matrix or a
     * plane of a cube, the last axis of a column-major view. Equivalent to numpy's {@code a[i]}.
     *
     * @param index index on that axis
     * @return a view with one axis fewer
     * @throws IndexOutOfBoundsException if the index is outside the axis, or there is no axis
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
     * The part between two indices of the slowest axis, the axis that {@link #slice(long)} uses. Equivalent to numpy's
     * {@code a[from:to]}.
     *
     * @param from first index
     * @param to index after the last one
     * @return a view with the same number of axes
     * @throws IndexOutOfBoundsException if the range is not inside the axis, or there is no axis
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
            throw new IndexOutOfBoundsException("slice " + from + " to " + to + " of an axis of length " + length
                    + " of the array " + elements().name() + " (" + shape() + ")");
        }
    }

    private ArrayView part(long index, Shape shape) {
        long length = shape().length(slowestAxis());
        long stepBytes = length == 0 ? 0 : byteSize() / length;
        return new ArrayView(
                elements().slice(index * stepBytes, shape.elementCount() * type().itemBytes()), shape, order());
    }

    /**
     * The same memory in the order of Fortran, MATLAB and LAPACK: the first index varies fastest. The axes are reversed,
     * so element (x, y) of the view is element (y, x) of the row-major array. Equivalent to numpy's {@code a.T}.
     *
     * @return a view, or this object if it is column-major already
     */
    public final ArrayView asColumnMajor() {
        return inOrder(ElementOrder.COLUMN_MAJOR);
    }

    /**
     * The same memory in the order of numpy: the last index varies fastest. The inverse of {@link #asColumnMajor()}.
     *
     * @return a view, or this object if it is row-major already
     */
    public final ArrayView asRowMajor() {
        return inOrder(ElementOrder.ROW_MAJOR);
    }

    private ArrayView inOrder(ElementOrder order) {
        return order() == order ? this : new ArrayView(elements(), shape().reversed(), order);
    }

    /**
     * The elements as complex numbers.
     *
     * @return a view of the same shape and order
     * @throws IncompatibleException if the elements are not complex numbers
     */
    public final ComplexView complex() {
        if (type().dataType().filter(DataType::isComplex).isEmpty()) {
            throw new IncompatibleException(
                    "the array " + elements().name() + " holds " + type() + ", not complex numbers");
        }
        return new ComplexView(elements(), shape(), order());
    }

    /**
     * The memory of one element of any type, for example a string, a structure or a long double.
     *
     * @param indices one index per axis
     * @return exactly the bytes of the element; the segment throws the same exceptions as {@link #segment()}
     */
    public final MemorySegment element(long... indices) {
        return segment().asSlice(offset(indices), type().itemBytes());
    }
}
