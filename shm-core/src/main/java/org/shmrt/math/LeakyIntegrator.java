package org.shmrt.math;

import java.lang.foreign.MemorySegment;

/**
 * An integrator with leak and limits, one element for each actuator: {@code command = clamp(leak * command + gain * error)}.
 *
 * <p>An error that is NaN or infinite leaves its element as it is, because it would otherwise stay in the command for ever;
 * such elements are counted. One thread at a time may use an object. The methods named update allocate nothing.
 */
public final class LeakyIntegrator {
    private final float[] state;
    private float gain;
    private float leak;
    private float min = Float.NEGATIVE_INFINITY;
    private float max = Float.POSITIVE_INFINITY;
    private int clampedCount;
    private int heldCount;

    /**
     * An integrator that starts at 0 and has no limits.
     *
     * @param size number of elements, at least 1
     * @param gain factor of the error; negative if the error has the sign of the correction's opposite
     * @param leak factor of the previous command, 0 (no memory) to 1 (no leak)
     * @throws IllegalArgumentException if a value is not possible
     */
    public LeakyIntegrator(int size, float gain, float leak) {
        if (size < 1) {
            throw new IllegalArgumentException(
                    "an integrator of " + size + " elements is not possible: use at least 1");
        }
        this.state = new float[size];
        setGain(gain);
        setLeak(leak);
    }

    /**
     * Sets the factor of the error, between two updates.
     *
     * @param gain the factor
     * @throws IllegalArgumentException if it is not finite
     */
    public void setGain(float gain) {
        if (!Float.isFinite(gain)) {
            throw new IllegalArgumentException("a gain of " + gain + " is not possible: use a finite number");
        }
        this.gain = gain;
    }

    /**
     * Sets the factor of the previous command, between two updates.
     *
     * @param leak the factor
     * @throws IllegalArgumentException if it is not between 0 and 1
     */
    public void setLeak(float leak) {
        if (!(leak >= 0 && leak <= 1)) {
            throw new IllegalArgumentException(
                    "a leak of " + leak + " is not possible: use 0 (no memory) to 1 (no leak), for example 0.99");
        }
        this.leak = leak;
    }

    /**
     * Limits the command, from the next update on.
     *
     * @param min the lowest command, by default minus infinity
     * @param max the highest command, by default infinity
     * @throws IllegalArgumentException if a limit is NaN, or the lower one is above the upper one
     */
    public void setLimits(float min, float max) {
        if (!(min <= max)) {
            throw new IllegalArgumentException(
                    "limits of " + min + " to " + max + " are not possible: the first must not be above the second");
        }
        this.min = min;
        this.max = max;
    }

    /** {@return the number of elements} */
    public int size() {
        return state.length;
    }

    /** Sets all elements to 0, or to the limit that is nearest to it. */
    public void reset() {
        java.util.Arrays.fill(state, Math.clamp(0f, min, max));
    }

    /**
     * Sets all elements, for example to the last command of a loop that is taken over.
     *
     * @param command {@link #size} elements; copied and limited
     * @throws IllegalArgumentException if the number of elements differs or one is not finite; nothing changes then
     */
    public void reset(float[] command) {
        Vectors.requireLength("the command", command.length, state.length);
        for (int i = 0; i < command.length; i++) {
            if (!Float.isFinite(command[i])) {
                throw new IllegalArgumentException(
                        "element " + i + " of the command is " + command[i] + ", but must be finite");
            }
        }
        for (int i = 0; i < command.length; i++) {
            state[i] = Math.clamp(command[i], min, max);
        }
    }

    /**
     * Adds an error and copies the command.
     *
     * @param error {@link #size} elements
     * @param command receives {@link #size} elements; it may be the same array
     * @throws IllegalArgumentException if a length differs; nothing changes then
     */
    public void update(float[] error, float[] command) {
        Vectors.requireLength("the error", error.length, state.length);
        Vectors.requireLength("the command", command.length, state.length);
        integrate(error);
        System.arraycopy(state, 0, command, 0, state.length);
    }

    /**
     * Adds an error and copies the command into memory, for example the claimed frame of an output stream.
     *
     * @param error {@link #size} elements
     * @param command {@link #size} floats in the byte order of the machine, at any alignment
     * @throws IllegalArgumentException if a size differs; nothing changes then
     */
    public void update(float[] error, MemorySegment command) {
        Vectors.requireLength("the error", error.length, state.length);
        Vectors.requireLength("the command", command, state.length);
        integrate(error);
        Vectors.copy(state, command, state.length);
    }

    private void integrate(float[] error) {
        int clamped = 0;
        int held = 0;
        for (int i = 0; i < state.length; i++) {
            float next = leak * state[i] + gain * error[i];
            if (!Float.isFinite(error[i]) || Float.isNaN(next)) {
                held++;
                continue;
            }
            float limited = Math.max(min, Math.min(max, next));
            // A sum beyond the largest float must not stay infinite if there is no limit.
            limited = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, limited));
            clamped += limited == next ? 0 : 1;
            state[i] = limited;
        }
        clampedCount = clamped;
        heldCount = held;
    }

    /**
     * One element of the command.
     *
     * @param index from 0
     * @return its value
     */
    public float get(int index) {
        return state[index];
    }

    /** {@return how many elements the last update limited} */
    public int clampedCount() {
        return clampedCount;
    }

    /** {@return how many elements the last update left as they were, because their error was not finite} */
    public int heldCount() {
        return heldCount;
    }
}
