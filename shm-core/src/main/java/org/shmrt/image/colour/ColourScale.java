package org.shmrt.image.colour;

import org.shmrt.memory.DataType;

/**
 * Maps values to the colours of a map. Values outside the limits get the first or the last colour, NaN and infinities a
 * colour of their own, and so do saturated values if a level is given. If both limits are equal, values above them get
 * the last colour and others the first. Immutable; safe for any thread.
 */
public final class ColourScale {
    /** Index of values that are not finite. */
    public static final int NOT_FINITE = ColourMap.COLOURS;
    /** Index of saturated values. */
    public static final int SATURATED = ColourMap.COLOURS + 1;

    private static final int LAST = ColourMap.COLOURS - 1;

    private final byte[] palette;
    private final Stretch stretch;
    private final Limits.Range limits;
    private final double saturation;
    private final double unit;
    private final double base;
    private final double span;

    private ColourScale(byte[] palette, Stretch stretch, Limits.Range limits, double saturation) {
        this.palette = palette;
        this.stretch = stretch;
        this.limits = limits;
        this.saturation = saturation;
        // halved if the range would overflow
        this.unit = Double.isInfinite(limits.high() - limits.low()) ? 0.5 : 1;
        this.base = limits.low() * unit;
        this.span = limits.high() * unit - base;
    }

    /**
     * A scale without a level of saturation.
     *
     * @param map the colours
     * @param stretch the curve
     * @param limits values of the first and the last colour
     */
    public static ColourScale of(ColourMap map, Stretch stretch, Limits.Range limits) {
        byte[] palette = new byte[3 * (SATURATED + 1)];
        System.arraycopy(map.rgb(), 0, palette, 0, 3 * ColourMap.COLOURS);
        put(palette, NOT_FINITE, ColourMap.NOT_FINITE_RGB);
        put(palette, SATURATED, ColourMap.SATURATED_RGB);
        return new ColourScale(palette, stretch, limits, Double.POSITIVE_INFINITY);
    }

    private static void put(byte[] palette, int index, int rgb) {
        palette[3 * index] = (byte) (rgb >> 16);
        palette[3 * index + 1] = (byte) (rgb >> 8);
        palette[3 * index + 2] = (byte) rgb;
    }

    /** This scale, which marks finite values of at least {@code level} as saturated. */
    public ColourScale withSaturation(double level) {
        return new ColourScale(palette, stretch, limits, level);
    }

    /**
     * The largest value of an integer type, at which a detector saturates if it uses all bits.
     *
     * @throws IllegalArgumentException if the type is not an integer type
     */
    public static double largest(DataType type) {
        if (type.isFloating() || type.isComplex() || type == DataType.BOOL) {
            throw new IllegalArgumentException(
                    type + " has no largest value at which a detector saturates: give the level as a number");
        }
        int bits = 8 * type.itemBytes() - (type.isUnsigned() ? 0 : 1);
        // exact up to 2^53; above, the comparison is with the nearest double, as the values are
        return bits < 53 ? (1L << bits) - 1 : Math.scalb(1.0, bits);
    }

    /** Values of the first and the last colour. */
    public Limits.Range limits() {
        return limits;
    }

    /** The curve. */
    public Stretch stretch() {
        return stretch;
    }

    /** The 256 colours of the map, then that of values that are not finite, then that of saturated ones: 774 bytes. */
    public byte[] palette() {
        return palette.clone();
    }

    /** Index of the colour of a value: 0 to 255, {@link #NOT_FINITE} or {@link #SATURATED}. */
    public int index(double value) {
        if (!Double.isFinite(value)) {
            return NOT_FINITE;
        }
        if (value >= saturation) {
            return SATURATED;
        }
        return level(value);
    }

    /** Level of a finite value between the limits, 0 to 255. */
    public int level(double value) {
        double position = value * unit - base;
        if (!(span > 0)) {
            return position > 0 ? LAST : 0;
        }
        return (int) (stretch.apply(Math.clamp(position / span, 0.0, 1.0)) * LAST + 0.5);
    }

    /** Colour of a value, {@code 0xRRGGBB}. */
    public int rgb(double value) {
        int at = 3 * index(value);
        return (palette[at] & 0xff) << 16 | (palette[at + 1] & 0xff) << 8 | (palette[at + 2] & 0xff);
    }

    /**
     * Maps values to colours.
     *
     * @param values the values
     * @param count number of values, from the start of the array
     * @param rgb receives red, green and blue of each value
     * @param offset index of the first byte that is written
     */
    public void map(double[] values, int count, byte[] rgb, int offset) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(palette, 3 * index(values[i]), rgb, offset + 3 * i, 3);
        }
    }
}
