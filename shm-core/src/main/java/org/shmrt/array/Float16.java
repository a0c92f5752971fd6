package org.shmrt.array;

/** Conversion of doubles to half precision (IEEE 754 binary16) with a single rounding, as numpy does it. */
final class Float16 {
    private Float16() {}

    /** Bits of the nearest binary16 value; ties go to the even one. */
    static short of(double value) {
        float rounded = (float) value;
        if (rounded != value && (Float.floatToRawIntBits(rounded) & 1) == 0 && Float.isFinite(rounded)) {
            // Rounding to float and then to binary16 rounds twice, which is wrong for values close to the midpoint of
            // two binary16 values. All midpoints are floats with an even last bit, so the neighbouring float with an
            // odd last bit lies on the same side of the midpoint as the value ("round to odd").
            rounded = rounded < value ? Math.nextUp(rounded) : Math.nextDown(rounded);
        }
        return Float.floatToFloat16(rounded);
    }
}
