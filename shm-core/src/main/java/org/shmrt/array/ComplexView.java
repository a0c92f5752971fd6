package org.shmrt.array;

import org.shmrt.memory.Shape;

/**
 * The elements of a shared array as complex numbers; {@link ArrayView#complex()} creates it. As in {@link ArrayView},
 * indices are always checked, and accessors with 1, 2 or 3 indices do not allocate; the exceptions are the same. Safe
 * for use by multiple threads, but real and imaginary part are stored one after the other: a concurrent reader may see
 * one new and one old part.
 */
public final class ComplexView extends AbstractArrayView {
    ComplexView(ElementAccess elements, Shape shape, ElementOrder order) {
        super(elements, shape, order);
    }

    /**
     * {@return the real part of an element of a 1-D array}
     *
     * @param i index of the element
     */
    public double getReal(long i) {
        return elements().getReal(offset(i));
    }

    /**
     * {@return the real part of an element of a 2-D array}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public double getReal(long i, long j) {
        return elements().getReal(offset(i, j));
    }

    /**
     * {@return the real part of an element of a 3-D array}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public double getReal(long i, long j, long k) {
        return elements().getReal(offset(i, j, k));
    }

    /**
     * {@return the real part of an element of an array with any number of axes}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public double getReal(long... indices) {
        return elements().getReal(offset(indices));
    }

    /**
     * {@return the imaginary part of an element of a 1-D array}
     *
     * @param i index of the element
     */
    public double getImaginary(long i) {
        return elements().getImaginary(offset(i));
    }

    /**
     * {@return the imaginary part of an element of a 2-D array}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public double getImaginary(long i, long j) {
        return elements().getImaginary(offset(i, j));
    }

    /**
     * {@return the imaginary part of an element of a 3-D array}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public double getImaginary(long i, long j, long k) {
        return elements().getImaginary(offset(i, j, k));
    }

    /**
     * {@return the imaginary part of an element of an array with any number of axes}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public double getImaginary(long... indices) {
        return elements().getImaginary(offset(indices));
    }

    /**
     * Sets an element of a 1-D array; complex64 rounds to the nearest value.
     *
     * @param real the new real part
     * @param imaginary the new imaginary part
     * @param i index of the element
     */
    public void set(double real, double imaginary, long i) {
        elements().setComplex(offset(i), real, imaginary);
    }

    /**
     * Sets an element of a 2-D array; complex64 rounds to the nearest value.
     *
     * @param real the new real part
     * @param imaginary the new imaginary part
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public void set(double real, double imaginary, long i, long j) {
        elements().setComplex(offset(i, j), real, imaginary);
    }

    /**
     * Sets an element of a 3-D array; complex64 rounds to the nearest value.
     *
     * @param real the new real part
     * @param imaginary the new imaginary part
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public void set(double real, double imaginary, long i, long j, long k) {
        elements().setComplex(offset(i, j, k), real, imaginary);
    }

    /**
     * Sets an element of an array with any number of axes; complex64 rounds to the nearest value.
     *
     * @param real the new real part
     * @param imaginary the new imaginary part
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public void set(double real, double imaginary, long... indices) {
        elements().setComplex(offset(indices), real, imaginary);
    }
}
