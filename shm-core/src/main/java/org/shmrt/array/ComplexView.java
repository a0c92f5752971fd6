package org.shmrt.array;

import org.shmrt.memory.Shape;

/**
 * The elements of a shared array as complex numbers, one by one; {@link ArrayView#complex()} makes it. As in
 * {@link ArrayNumbers}, indices are checked always, and nothing is allocated with 1, 2 or 3 of them. Real and imaginary
 * part are stored one after the other: a reader may see the one new and the other old.
 */
public final class ComplexView extends ArrayMemory {
    private static final int REAL = 0;
    private static final int IMAGINARY = 1;

    ComplexView(Elements elements, Shape shape, ElementOrder order) {
        super(elements, shape, order);
    }

    /**
     * {@return the real part of an element of a vector}
     *
     * @param i index of the element
     */
    public double getReal(long i) {
        return elements().getComponent(at(i), REAL);
    }

    /**
     * {@return the real part of an element of a matrix}
     *
     * @param i index on the first axis
     * @param j index on the second
     */
    public double getReal(long i, long j) {
        return elements().getComponent(at(i, j), REAL);
    }

    /**
     * {@return the real part of an element of a cube}
     *
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public double getReal(long i, long j, long k) {
        return elements().getComponent(at(i, j, k), REAL);
    }

    /**
     * {@return the real part of an element of an array of any number of axes}
     *
     * @param indices one an axis; the Java array they come in is allocated
     */
    public double getReal(long... indices) {
        return elements().getComponent(at(indices), REAL);
    }

    /**
     * {@return the imaginary part of an element of a vector}
     *
     * @param i index of the element
     */
    public double getImaginary(long i) {
        return elements().getComponent(at(i), IMAGINARY);
    }

    /**
     * {@return the imaginary part of an element of a matrix}
     *
     * @param i index on the first axis
     * @param j index on the second
     */
    public double getImaginary(long i, long j) {
        return elements().getComponent(at(i, j), IMAGINARY);
    }

    /**
     * {@return the imaginary part of an element of a cube}
     *
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public double getImaginary(long i, long j, long k) {
        return elements().getComponent(at(i, j, k), IMAGINARY);
    }

    /**
     * {@return the imaginary part of an element of an array of any number of axes}
     *
     * @param indices one an axis; the Java array they come in is allocated
     */
    public double getImaginary(long... indices) {
        return elements().getComponent(at(indices), IMAGINARY);
    }

    /**
     * Sets an element of a vector; complex64 rounds to the nearest.
     *
     * @param real its real part
     * @param imaginary its imaginary part
     * @param i index of the element
     */
    public void set(double real, double imaginary, long i) {
        elements().setComponents(at(i), real, imaginary);
    }

    /**
     * Sets an element of a matrix; complex64 rounds to the nearest.
     *
     * @param real its real part
     * @param imaginary its imaginary part
     * @param i index on the first axis
     * @param j index on the second
     */
    public void set(double real, double imaginary, long i, long j) {
        elements().setComponents(at(i, j), real, imaginary);
    }

    /**
     * Sets an element of a cube; complex64 rounds to the nearest.
     *
     * @param real its real part
     * @param imaginary its imaginary part
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public void set(double real, double imaginary, long i, long j, long k) {
        elements().setComponents(at(i, j, k), real, imaginary);
    }

    /**
     * Sets an element of an array of any number of axes; complex64 rounds to the nearest.
     *
     * @param real its real part
     * @param imaginary its imaginary part
     * @param indices one an axis; the Java array they come in is allocated
     */
    public void set(double real, double imaginary, long... indices) {
        elements().setComponents(at(indices), real, imaginary);
    }
}
