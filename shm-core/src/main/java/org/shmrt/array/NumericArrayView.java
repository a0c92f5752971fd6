package org.shmrt.array;

import org.shmrt.memory.Shape;

/** The accessors of {@link ArrayView} for single elements, by 1, 2, 3 or any number of indices. */
abstract sealed class NumericArrayView extends AbstractArrayView permits ArrayView {
    NumericArrayView(ElementAccess elements, Shape shape, ElementOrder order) {
        super(elements, shape, order);
    }

    /**
     * {@return an element of a 1-D array, as a boolean}
     *
     * @param i index of the element
     */
    public final boolean getBoolean(long i) {
        return elements().getBoolean(offset(i));
    }

    /**
     * {@return an element of a 2-D array, as a boolean}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final boolean getBoolean(long i, long j) {
        return elements().getBoolean(offset(i, j));
    }

    /**
     * {@return an element of a 3-D array, as a boolean}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final boolean getBoolean(long i, long j, long k) {
        return elements().getBoolean(offset(i, j, k));
    }

    /**
     * {@return an element of an array with any number of axes, as a boolean}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final boolean getBoolean(long... indices) {
        return elements().getBoolean(offset(indices));
    }

    /**
     * Sets an element of a 1-D array.
     *
     * @param value the new value
     * @param i index of the element
     */
    public final void setBoolean(boolean value, long i) {
        elements().setBoolean(offset(i), value);
    }

    /**
     * Sets an element of a 2-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final void setBoolean(boolean value, long i, long j) {
        elements().setBoolean(offset(i, j), value);
    }

    /**
     * Sets an element of a 3-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final void setBoolean(boolean value, long i, long j, long k) {
        elements().setBoolean(offset(i, j, k), value);
    }

    /**
     * Sets an element of an array with any number of axes.
     *
     * @param value the new value
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final void setBoolean(boolean value, long... indices) {
        elements().setBoolean(offset(indices), value);
    }

    /**
     * {@return an element of a 1-D array, as an int}
     *
     * @param i index of the element
     */
    public final int getInt(long i) {
        return elements().getInt(offset(i));
    }

    /**
     * {@return an element of a 2-D array, as an int}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final int getInt(long i, long j) {
        return elements().getInt(offset(i, j));
    }

    /**
     * {@return an element of a 3-D array, as an int}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final int getInt(long i, long j, long k) {
        return elements().getInt(offset(i, j, k));
    }

    /**
     * {@return an element of an array with any number of axes, as an int}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final int getInt(long... indices) {
        return elements().getInt(offset(indices));
    }

    /**
     * Sets an element of a 1-D array.
     *
     * @param value the new value
     * @param i index of the element
     */
    public final void setInt(int value, long i) {
        elements().setInt(offset(i), value);
    }

    /**
     * Sets an element of a 2-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final void setInt(int value, long i, long j) {
        elements().setInt(offset(i, j), value);
    }

    /**
     * Sets an element of a 3-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final void setInt(int value, long i, long j, long k) {
        elements().setInt(offset(i, j, k), value);
    }

    /**
     * Sets an element of an array with any number of axes.
     *
     * @param value the new value
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final void setInt(int value, long... indices) {
        elements().setInt(offset(indices), value);
    }

    /**
     * {@return an element of a 1-D array, as a long}
     *
     * @param i index of the element
     */
    public final long getLong(long i) {
        return elements().getLong(offset(i));
    }

    /**
     * {@return an element of a 2-D array, as a long}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final long getLong(long i, long j) {
        return elements().getLong(offset(i, j));
    }

    /**
     * {@return an element of a 3-D array, as a long}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final long getLong(long i, long j, long k) {
        return elements().getLong(offset(i, j, k));
    }

    /**
     * {@return an element of an array with any number of axes, as a long}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final long getLong(long... indices) {
        return elements().getLong(offset(indices));
    }

    /**
     * Sets an element of a 1-D array.
     *
     * @param value the new value
     * @param i index of the element
     */
    public final void setLong(long value, long i) {
        elements().setLong(offset(i), value);
    }

    /**
     * Sets an element of a 2-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final void setLong(long value, long i, long j) {
        elements().setLong(offset(i, j), value);
    }

    /**
     * Sets an element of a 3-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final void setLong(long value, long i, long j, long k) {
        elements().setLong(offset(i, j, k), value);
    }

    /**
     * Sets an element of an array with any number of axes.
     *
     * @param value the new value
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final void setLong(long value, long... indices) {
        elements().setLong(offset(indices), value);
    }

    /**
     * {@return an element of a 1-D array, as a float}
     *
     * @param i index of the element
     */
    public final float getFloat(long i) {
        return elements().getFloat(offset(i));
    }

    /**
     * {@return an element of a 2-D array, as a float}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final float getFloat(long i, long j) {
        return elements().getFloat(offset(i, j));
    }

    /**
     * {@return an element of a 3-D array, as a float}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final float getFloat(long i, long j, long k) {
        return elements().getFloat(offset(i, j, k));
    }

    /**
     * {@return an element of an array with any number of axes, as a float}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final float getFloat(long... indices) {
        return elements().getFloat(offset(indices));
    }

    /**
     * Sets an element of a 1-D array.
     *
     * @param value the new value
     * @param i index of the element
     */
    public final void setFloat(float value, long i) {
        elements().setFloat(offset(i), value);
    }

    /**
     * Sets an element of a 2-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final void setFloat(float value, long i, long j) {
        elements().setFloat(offset(i, j), value);
    }

    /**
     * Sets an element of a 3-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final void setFloat(float value, long i, long j, long k) {
        elements().setFloat(offset(i, j, k), value);
    }

    /**
     * Sets an element of an array with any number of axes.
     *
     * @param value the new value
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final void setFloat(float value, long... indices) {
        elements().setFloat(offset(indices), value);
    }

    /**
     * {@return an element of a 1-D array, as a double}
     *
     * @param i index of the element
     */
    public final double getDouble(long i) {
        return elements().getDouble(offset(i));
    }

    /**
     * {@return an element of a 2-D array, as a double}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final double getDouble(long i, long j) {
        return elements().getDouble(offset(i, j));
    }

    /**
     * {@return an element of a 3-D array, as a double}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final double getDouble(long i, long j, long k) {
        return elements().getDouble(offset(i, j, k));
    }

    /**
     * {@return an element of an array with any number of axes, as a double}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final double getDouble(long... indices) {
        return elements().getDouble(offset(indices));
    }

    /**
     * Sets an element of a 1-D array.
     *
     * @param value the new value
     * @param i index of the element
     */
    public final void setDouble(double value, long i) {
        elements().setDouble(offset(i), value);
    }

    /**
     * Sets an element of a 2-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final void setDouble(double value, long i, long j) {
        elements().setDouble(offset(i, j), value);
    }

    /**
     * Sets an element of a 3-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final void setDouble(double value, long i, long j, long k) {
        elements().setDouble(offset(i, j, k), value);
    }

    /**
     * Sets an element of an array with any number of axes.
     *
     * @param value the new value
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final void setDouble(double value, long... indices) {
        elements().setDouble(offset(indices), value);
    }
}
