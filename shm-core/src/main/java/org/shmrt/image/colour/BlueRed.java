package org.shmrt.image.colour;

/**
 * Computes the diverging map. Both arms are lines of constant hue in Oklch, whose lightness decreases and whose chroma
 * increases linearly from the centre to the end, so that values at the same distance from the centre look equally strong.
 *
 * @see <a href="https://bottosson.github.io/posts/oklab/">Oklab</a>
 */
final class BlueRed {
    private static final double CENTRE_LIGHTNESS = 0.97;
    private static final double END_LIGHTNESS = 0.42;
    private static final double END_CHROMA = 0.14;
    private static final double BLUE_DEGREES = 256;
    private static final double RED_DEGREES = 26;

    private BlueRed() {}

    static byte[] rgb() {
        byte[] rgb = new byte[3 * ColourMap.COLOURS];
        for (int i = 0; i < ColourMap.COLOURS; i++) {
            double side = 2.0 * i / (ColourMap.COLOURS - 1) - 1;
            double distance = Math.abs(side);
            double hue = StrictMath.toRadians(side < 0 ? BLUE_DEGREES : RED_DEGREES);
            double chroma = END_CHROMA * distance;
            convert(
                    CENTRE_LIGHTNESS + (END_LIGHTNESS - CENTRE_LIGHTNESS) * distance,
                    chroma * StrictMath.cos(hue),
                    chroma * StrictMath.sin(hue),
                    rgb,
                    3 * i);
        }
        return rgb;
    }

    /** Converts Oklab to sRGB, with the matrices of its definition. */
    private static void convert(double lightness, double a, double b, byte[] rgb, int at) {
        double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        rgb[at] = encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
        rgb[at + 1] = encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
        rgb[at + 2] = encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
    }

    private static double cube(double value) {
        return value * value * value;
    }

    /** A linear component with the transfer function of sRGB, as a byte. */
    private static byte encoded(double linear) {
        double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * StrictMath.pow(linear, 1 / 2.4) - 0.055;
        return (byte) (int) (Math.clamp(value, 0, 1) * 255 + 0.5);
    }
}
