package org.shmrt.array;

import org.shmrt.memory.Shape;

/**
 * The index arithmetic of views: checks indices, and computes the byte offsets of elements from shape and order. A
 * superclass and not a field of the views, because another indirection would make each access 15 % slower.
 */
abstract sealed class IndexedView permits AbstractArrayView {
    private final String arrayName;
    private final int itemBytes;
    private final Shape shape;
    private final ElementOrder order;

    // Lengths and strides for 1, 2 and 3 indices. Lengths are 0 if the array has a different number of axes, so that
    // a single comparison checks both.
    private final long length1;
    private final long length2;
    private final long length2Second;
    private final long length3;
    private final long length3Second;
    private final long length3Third;
    private final long stride0;
    private final long stride1;
    private final long stride2;

    IndexedView(String arrayName, int itemBytes, Shape shape, ElementOrder order) {
        this.arrayName = arrayName;
        this.itemBytes = itemBytes;
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

    /** Byte distance of neighbours along an axis; meaningless for an array without elements. */
    private long strideBytes(int axis) {
        long stride = itemBytes;
        int from = order == ElementOrder.ROW_MAJOR ? axis + 1 : 0;
        int to = order == ElementOrder.ROW_MAJOR ? shape.rank() : axis;
        for (int faster = from; faster < to; faster++) {
            stride *= shape.length(faster);
        }
        return stride;
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
     * Order of the elements in memory.
     *
     * @return row-major for arrays as SharedArray stores them, column-major after {@link ArrayView#asColumnMajor()}
     */
    public final ElementOrder order() {
        return order;
    }

    /** Offset of an element of a 1-D array. */
    final long offset(long i) {
        if (i < 0 || i >= length1) {
            throw outOfBounds(i);
        }
        return i * stride0;
    }

    /** Offset of an element of a 2-D array. */
    final long offset(long i, long j) {
        if (i < 0 || i >= length2 || j < 0 || j >= length2Second) {
            throw outOfBounds(i, j);
        }
        return i * stride0 + j * stride1;
    }

    /** Offset of an element of a 3-D array. */
    final long offset(long i, long j, long k) {
        if (i < 0 || i >= length3 || j < 0 || j >= length3Second || k < 0 || k >= length3Third) {
            throw outOfBounds(i, j, k);
        }
        return i * stride0 + j * stride1 + k * stride2;
    }

    /** Offset of an element of an array with any number of axes. */
    final long offset(long[] indices) {
        if (indices.length != shape.rank()) {
            throw outOfBounds(indices);
        }
        long position = 0;
        for (int n = 0; n < indices.length; n++) {
            int axis = order == ElementOrder.ROW_MAJOR ? n : indices.length - 1 - n;
            if (indices[axis] < 0 || indices[axis] >= shape.length(axis)) {
                throw outOfBounds(indices);
            }
            position = position * shape.length(axis) + indices[axis];
        }
        return position * itemBytes;
    }

    private IndexOutOfBoundsException outOfBounds(long... indices) {
        try {
            shape.elementIndex(indices);
        } catch (IndexOutOfBoundsException e) {
            return new IndexOutOfBoundsException(e.getMessage() + " of the array " + arrayName);
        }
        throw new AssertionError("indices inside the shape");
    }
}
