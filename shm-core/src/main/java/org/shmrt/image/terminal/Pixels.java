package org.shmrt.image.terminal;

import org.shmrt.image.plot.Raster;

/**
 * A picture in memory.
 *
 * @param width width
 * @param height height
 * @param rgb colours {@code 0xRRGGBB}, row by row from the top left
 */
public record Pixels(int width, int height, int[] rgb) {
    /** Checks the size. */
    public Pixels {
        if (rgb.length != width * height) {
            throw new IllegalArgumentException(rgb.length + " pixels are not a picture of " + width + " x " + height);
        }
    }

    /** Computes all rows of a picture. */
    public static Pixels of(Raster raster) {
        return new Pixels(raster.width(), raster.height(), raster.colours());
    }

    int rgb(int x, int y) {
        return rgb[y * width + x];
    }
}
