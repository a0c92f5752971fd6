package org.shmrt.array;

/** Doubles as half-precision numbers (IEEE 754 binary16), rounded once, as numpy does it. */
final class Float16 {
    private Float16() {}

    /**
     * The nearest half, ties to even.
     *
     * @param value any double
     * @return the bits of the half
     */
    static short of(double value) {
        float single = (float) value;
        if (single != value && (Float.floatToRawIntBits(single) & 1) == 0 && Float.isFinite(single)) {
            // Rounded to a float and then to a half, a value near the middle of two halves could go the wrong way.
            // Of the two floats around it the odd one is in the middle of nothing.
            boolean up = single < value;
            single = up ? Math.nextUp(single) : Math.nextDown(single);
        }
        return Float.floatToFloat16(single);
    }
}
