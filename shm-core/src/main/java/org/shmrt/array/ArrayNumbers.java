package org.shmrt.array;

import org.shmrt.memory.Shape;

/**
 * The elements of a shared array as Java numbers, one by one. Indices are checked always; a wrong number of them, or
 * one outside its axis, is an {@link IndexOutOfBoundsException}. With 1, 2 or 3 indices nothing is allocated.
 *
 * <table>
 * <caption>Which call for which type</caption>
 * <tr><th>numpy</th><th>get</th><th>set</th></tr>
 * <tr><td>bool</td><td>Boolean; Int, Long, Double as 0 or 1</td><td>Boolean; Int, Long of 0 or 1</td></tr>
 * <tr><td>int8, uint8, int16, uint16, int32</td><td>Int, Long, Double</td><td>Int, Long</td></tr>
 * <tr><td>uint32</td><td>Long, Double</td><td>Long, Int</td></tr>
 * <tr><td>int64, dates, durations</td><td>Long</td><td>Long, Int</td></tr>
 * <tr><td>uint64</td><td>Long: its 64 bits, see {@link Long#toUnsignedString(long)}</td><td>Long, Int</td></tr>
 * <tr><td>float16, float32</td><td>Float, Double</td><td>Float, Double: rounded to the nearest</td></tr>
 * <tr><td>float64</td><td>Double</td><td>Double, Float</td></tr>
 * <tr><td>complex64, complex128</td><td colspan="2">{@link ArrayView#complex()}</td></tr>
 * </table>
 *
 * <p>What is read is exact; another pairing is an {@link org.shmrt.error.IncompatibleException}. An integer that does
 * not fit is an {@link IllegalArgumentException}. Each call makes sure that the file is still there, which costs about
 * a nanosecond; {@link #segment()} does without.
 */
public abstract sealed class ArrayNumbers extends ArrayMemory permits ArrayView {
    ArrayNumbers(Elements elements, Shape shape, ElementOrder order) {
        super(elements, shape, order);
    }

    /**
     * {@return an element of a vector, as a boolean}
     *
     * @param i index of the element
     */
    public final boolean getBoolean(long i) {
        return elements().getBoolean(at(i));
    }

    /**
     * {@return an element of a matrix, as a boolean}
     *
     * @param i index on the first axis
     * @param j index on the second
     */
    public final boolean getBoolean(long i, long j) {
        return elements().getBoolean(at(i, j));
    }

    /**
     * {@return an element of a cube, as a boolean}
     *
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public final boolean getBoolean(long i, long j, long k) {
        return elements().getBoolean(at(i, j, k));
    }

    /**
     * {@return an element of an array of any number of axes, as a boolean}
     *
     * @param indices one an axis; the Java array they come in is allocated
     */
    public final boolean getBoolean(long... indices) {
        return elements().getBoolean(at(indices));
    }

    /**
     * Sets an element of a vector.
     *
     * @param value what it shall be
     * @param i index of the element
     */
    public final void setBoolean(boolean value, long i) {
        elements().setBoolean(at(i), value);
    }

    /**
     * Sets an element of a matrix.
     *
     * @param value what it shall be
     * @param i index on the first axis
     * @param j index on the second
     */
    public final void setBoolean(boolean value, long i, long j) {
        elements().setBoolean(at(i, j), value);
    }

    /**
     * Sets an element of a cube.
     *
     * @param value what it shall be
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public final void setBoolean(boolean value, long i, long j, long k) {
        elements().setBoolean(at(i, j, k), value);
    }

    /**
     * Sets an element of an array of any number of axes.
     *
     * @param value what it shall be
     * @param indices one an axis; the Java array they come in is allocated
     */
    public final void setBoolean(boolean value, long... indices) {
        elements().setBoolean(at(indices), value);
    }

    /**
     * {@return an element of a vector, as an int}
     *
     * @param i index of the element
     */
    public final int getInt(long i) {
        return elements().getInt(at(i));
    }

    /**
     * {@return an element of a matrix, as an int}
     *
     * @param i index on the first axis
     * @param j index on the second
     */
    public final int getInt(long i, long j) {
        return elements().getInt(at(i, j));
    }

    /**
     * {@return an element of a cube, as an int}
     *
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public final int getInt(long i, long j, long k) {
        return elements().getInt(at(i, j, k));
    }

    /**
     * {@return an element of an array of any number of axes, as an int}
     *
     * @param indices one an axis; the Java array they come in is allocated
     */
    public final int getInt(long... indices) {
        return elements().getInt(at(indices));
    }

    /**
     * Sets an element of a vector.
     *
     * @param value what it shall be
     * @param i index of the element
     */
    public final void setInt(int value, long i) {
        elements().setInt(at(i), value);
    }

    /**
     * Sets an element of a matrix.
     *
     * @param value what it shall be
     * @param i index on the first axis
     * @param j index on the second
     */
    public final void setInt(int value, long i, long j) {
        elements().setInt(at(i, j), value);
    }

    /**
     * Sets an element of a cube.
     *
     * @param value what it shall be
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public final void setInt(int value, long i, long j, long k) {
        elements().setInt(at(i, j, k), value);
    }

    /**
     * Sets an element of an array of any number of axes.
     *
     * @param value what it shall be
     * @param indices one an axis; the Java array they come in is allocated
     */
    public final void setInt(int value, long... indices) {
        elements().setInt(at(indices), value);
    }

    /**
     * {@return an element of a vector, as a long}
     *
     * @param i index of the element
     */
    public final long getLong(long i) {
        return elements().getLong(at(i));
    }

    /**
     * {@return an element of a matrix, as a long}
     *
     * @param i index on the first axis
     * @param j index on the second
     */
    public final long getLong(long i, long j) {
        return elements().getLong(at(i, j));
    }

    /**
     * {@return an element of a cube, as a long}
     *
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public final long getLong(long i, long j, long k) {
        return elements().getLong(at(i, j, k));
    }

    /**
     * {@return an element of an array of any number of axes, as a long}
     *
     * @param indices one an axis; the Java array they come in is allocated
     */
    public final long getLong(long... indices) {
        return elements().getLong(at(indices));
    }

    /**
     * Sets an element of a vector.
     *
     * @param value what it shall be
     * @param i index of the element
     */
    public final void setLong(long value, long i) {
        elements().setLong(at(i), value);
    }

    /**
     * Sets an element of a matrix.
     *
     * @param value what it shall be
     * @param i index on the first axis
     * @param j index on the second
     */
    public final void setLong(long value, long i, long j) {
        elements().setLong(at(i, j), value);
    }

    /**
     * Sets an element of a cube.
     *
     * @param value what it shall be
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public final void setLong(long value, long i, long j, long k) {
        elements().setLong(at(i, j, k), value);
    }

    /**
     * Sets an element of an array of any number of axes.
     *
     * @param value what it shall be
     * @param indices one an axis; the Java array they come in is allocated
     */
    public final void setLong(long value, long... indices) {
        elements().setLong(at(indices), value);
    }

    /**
     * {@return an element of a vector, as a float}
     *
     * @param i index of the element
     */
    public final float getFloat(long i) {
        return elements().getFloat(at(i));
    }

    /**
     * {@return an element of a matrix, as a float}
     *
     * @param i index on the first axis
     * @param j index on the second
     */
    public final float getFloat(long i, long j) {
        return elements().getFloat(at(i, j));
    }

    /**
     * {@return an element of a cube, as a float}
     *
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public final float getFloat(long i, long j, long k) {
        return elements().getFloat(at(i, j, k));
    }

    /**
     * {@return an element of an array of any number of axes, as a float}
     *
     * @param indices one an axis; the Java array they come in is allocated
     */
    public final float getFloat(long... indices) {
        return elements().getFloat(at(indices));
    }

    /**
     * Sets an element of a vector.
     *
     * @param value what it shall be
     * @param i index of the element
     */
    public final void setFloat(float value, long i) {
        elements().setFloat(at(i), value);
    }

    /**
     * Sets an element of a matrix.
     *
     * @param value what it shall be
     * @param i index on the first axis
     * @param j index on the second
     */
    public final void setFloat(float value, long i, long j) {
        elements().setFloat(at(i, j), value);
    }

    /**
     * Sets an element of a cube.
     *
     * @param value what it shall be
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public final void setFloat(float value, long i, long j, long k) {
        elements().setFloat(at(i, j, k), value);
    }

    /**
     * Sets an element of an array of any number of axes.
     *
     * @param value what it shall be
     * @param indices one an axis; the Java array they come in is allocated
     */
    public final void setFloat(float value, long... indices) {
        elements().setFloat(at(indices), value);
    }

    /**
     * {@return an element of a vector, as a double}
     *
     * @param i index of the element
     */
    public final double getDouble(long i) {
        return elements().getDouble(at(i));
    }

    /**
     * {@return an element of a matrix, as a double}
     *
     * @param i index on the first axis
     * @param j index on the second
     */
    public final double getDouble(long i, long j) {
        return elements().getDouble(at(i, j));
    }

    /**
     * {@return an element of a cube, as a double}
     *
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public final double getDouble(long i, long j, long k) {
        return elements().getDouble(at(i, j, k));
    }

    /**
     * {@return an element of an array of any number of axes, as a double}
     *
     * @param indices one an axis; the Java array they come in is allocated
     */
    public final double getDouble(long... indices) {
        return elements().getDouble(at(indices));
    }

    /**
     * Sets an element of a vector.
     *
     * @param value what it shall be
     * @param i index of the element
     */
    public final void setDouble(double value, long i) {
        elements().setDouble(at(i), value);
    }

    /**
     * Sets an element of a matrix.
     *
     * @param value what it shall be
     * @param i index on the first axis
     * @param j index on the second
     */
    public final void setDouble(double value, long i, long j) {
        elements().setDouble(at(i, j), value);
    }

    /**
     * Sets an element of a cube.
     *
     * @param value what it shall be
     * @param i index on the first axis
     * @param j index on the second
     * @param k index on the third
     */
    public final void setDouble(double value, long i, long j, long k) {
        elements().setDouble(at(i, j, k), value);
    }

    /**
     * Sets an element of an array of any number of axes.
     *
     * @param value what it shall be
     * @param indices one an axis; the Java array they come in is allocated
     */
    public final void setDouble(double value, long... indices) {
        elements().setDouble(at(indices), value);
    }
}
