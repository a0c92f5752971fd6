package org.shmrt.array;

/** The accessors of {@link ArrayView} for single elements, by 1, 2, 3 or any number of indices. */
abstract sealed class NumericArrayView extends AbstractArrayView permits ArrayView {
    NumericArrayView(ElementAccess elements, ArrayLayout layout) {
        super(elements, layout);
    }

    /**
     * {@return an element of a 1-D array, as a boolean}
     *
     * @param i index of the element
     */
    public final boolean getBoolean(long i) {
        return elements().getBoolean(layout().offset(i));
    }

    /**
     * {@return an element of a 2-D array, as a boolean}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final boolean getBoolean(long i, long j) {
        return elements().getBoolean(layout().offset(i, j));
    }

    /**
     * {@return an element of a 3-D array, as a boolean}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final boolean getBoolean(long i, long j, long k) {
        return elements().getBoolean(layout().offset(i, j, k));
    }

    /**
     * {@return an element of a array with any number of axes, as a boolean}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final boolean getBoolean(long... indices) {
        return elements().getBoolean(layout().offset(indices));
    }

    /**
     * Sets an element of a 1-D array.
     *
     * @param value the new value
     * @param i index of the element
     */
    public final void setBoolean(boolean value, long i) {
        elements().setBoolean(layout().offset(i), value);
    }

    /**
     * Sets an element of a 2-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final void setBoolean(boolean value, long i, long j) {
        elements().setBoolean(layout().offset(i, j), value);
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
        elements().setBoolean(layout().offset(i, j, k), value);
    }

    /**
     * Sets an element of a array with any number of axes.
     *
     * @param value the new value
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final void setBoolean(boolean value, long... indices) {
        elements().setBoolean(layout().offset(indices), value);
    }

    /**
     * {@return an element of a 1-D array, as an int}
     *
     * @param i index of the element
     */
    public final int getInt(long i) {
        return elements().getInt(layout().offset(i));
    }

    /**
     * {@return an element of a 2-D array, as an int}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final int getInt(long i, long j) {
        return elements().getInt(layout().offset(i, j));
    }

    /**
     * {@return an element of a 3-D array, as an int}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final int getInt(long i, long j, long k) {
        return elements().getInt(layout().offset(i, j, k));
    }

    /**
     * {@return an element of a array with any number of axes, as an int}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final int getInt(long... indices) {
        return elements().getInt(layout().offset(indices));
    }

    /**
     * Sets an element of a 1-D array.
     *
     * @param value the new value
     * @param i index of the element
     */
    public final void setInt(int value, long i) {
        elements().setInt(layout().offset(i), value);
    }

    /**
     * Sets an element of a 2-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final void setInt(int value, long i, long j) {
        elements().setInt(layout().offset(i, j), value);
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
        elements().setInt(layout().offset(i, j, k), value);
    }

    /**
     * Sets an element of a array with any number of axes.
     *
     * @param value the new value
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final void setInt(int value, long... indices) {
        elements().setInt(layout().offset(indices), value);
    }

    /**
     * {@return an element of a 1-D array, as a long}
     *
     * @param i index of the element
     */
    public final long getLong(long i) {
        return elements().getLong(layout().offset(i));
    }

    /**
     * {@return an element of a 2-D array, as a long}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final long getLong(long i, long j) {
        return elements().getLong(layout().offset(i, j));
    }

    /**
     * {@return an element of a 3-D array, as a long}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final long getLong(long i, long j, long k) {
        return elements().getLong(layout().offset(i, j, k));
    }

    /**
     * {@return an element of a array with any number of axes, as a long}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final long getLong(long... indices) {
        return elements().getLong(layout().offset(indices));
    }

    /**
     * Sets an element of a 1-D array.
     *
     * @param value the new value
     * @param i index of the element
     */
    public final void setLong(long value, long i) {
        elements().setLong(layout().offset(i), value);
    }

    /**
     * Sets an element of a 2-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final void setLong(long value, long i, long j) {
        elements().setLong(layout().offset(i, j), value);
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
        elements().setLong(layout().offset(i, j, k), value);
    }

    /**
     * Sets an element of a array with any number of axes.
     *
     * @param value the new value
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final void setLong(long value, long... indices) {
        elements().setLong(layout().offset(indices), value);
    }

    /**
     * {@return an element of a 1-D array, as a float}
     *
     * @param i index of the element
     */
    public final float getFloat(long i) {
        return elements().getFloat(layout().offset(i));
    }

    /**
     * {@return an element of a 2-D array, as a float}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final float getFloat(long i, long j) {
        return elements().getFloat(layout().offset(i, j));
    }

    /**
     * {@return an element of a 3-D array, as a float}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final float getFloat(long i, long j, long k) {
        return elements().getFloat(layout().offset(i, j, k));
    }

    /**
     * {@return an element of a array with any number of axes, as a float}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final float getFloat(long... indices) {
        return elements().getFloat(layout().offset(indices));
    }

    /**
     * Sets an element of a 1-D array.
     *
     * @param value the new value
     * @param i index of the element
     */
    public final void setFloat(float value, long i) {
        elements().setFloat(layout().offset(i), value);
    }

    /**
     * Sets an element of a 2-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final void setFloat(float value, long i, long j) {
        elements().setFloat(layout().offset(i, j), value);
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
        elements().setFloat(layout().offset(i, j, k), value);
    }

    /**
     * Sets an element of a array with any number of axes.
     *
     * @param value the new value
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final void setFloat(float value, long... indices) {
        elements().setFloat(layout().offset(indices), value);
    }

    /**
     * {@return an element of a 1-D array, as a double}
     *
     * @param i index of the element
     */
    public final double getDouble(long i) {
        return elements().getDouble(layout().offset(i));
    }

    /**
     * {@return an element of a 2-D array, as a double}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final double getDouble(long i, long j) {
        return elements().getDouble(layout().offset(i, j));
    }

    /**
     * {@return an element of a 3-D array, as a double}
     *
     * @param i index on the first axis
     * @param j index on the second axis
     * @param k index on the third axis
     */
    public final double getDouble(long i, long j, long k) {
        return elements().getDouble(layout().offset(i, j, k));
    }

    /**
     * {@return an element of a array with any number of axes, as a double}
     *
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final double getDouble(long... indices) {
        return elements().getDouble(layout().offset(indices));
    }

    /**
     * Sets an element of a 1-D array.
     *
     * @param value the new value
     * @param i index of the element
     */
    public final void setDouble(double value, long i) {
        elements().setDouble(layout().offset(i), value);
    }

    /**
     * Sets an element of a 2-D array.
     *
     * @param value the new value
     * @param i index on the first axis
     * @param j index on the second axis
     */
    public final void setDouble(double value, long i, long j) {
        elements().setDouble(layout().offset(i, j), value);
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
        elements().setDouble(layout().offset(i, j, k), value);
    }

    /**
     * Sets an element of a array with any number of axes.
     *
     * @param value the new value
     * @param indices one index per axis; the call allocates the Java array that holds them
     */
    public final void setDouble(double value, long... indices) {
        elements().setDouble(layout().offset(indices), value);
    }
}
