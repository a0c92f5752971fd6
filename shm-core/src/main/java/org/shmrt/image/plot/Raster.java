package org.shmrt.image.plot;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.shmrt.files.OutputFile;

/**
 * A picture in colours that is computed row by row, so that it needs little memory. For one thread at a time.
 *
 * @param width width in pixels
 * @param height height in pixels
 * @param rows fills a row with red, green and blue of each pixel
 */
public record Raster(int width, int height, PngEncoder.Rows rows) {
    /** Common viewers and libraries fail above this size. */
    private static final int MAX_AXIS = 65_500;

    private static final long MAX_PIXELS = 1L << 31;

    /** Checks the size. */
    public Raster {
        checkSize(width, height);
    }

    /**
     * Checks the size of a picture.
     *
     * @throws IllegalArgumentException if it is larger than common viewers can show
     */
    public static void checkSize(long width, long height) {
        if (Math.max(width, height) > MAX_AXIS || width * height > MAX_PIXELS) {
            throw new IllegalArgumentException("a picture of " + width + " x " + height
                    + " pixels is too large: the limits are " + MAX_AXIS + " pixels for each side and " + MAX_PIXELS
                    + " in total");
        }
    }

    /** This picture with each pixel as a square of {@code factor} x {@code factor} pixels. */
    public Raster enlarged(int factor) {
        if (factor == 1) {
            return this;
        }
        checkSize((long) width * factor, (long) height * factor);
        byte[] source = new byte[3 * width];
        int[] current = {-1};
        return new Raster(width * factor, height * factor, (row, pixels) -> {
            if (row / factor != current[0]) {
                current[0] = row / factor;
                rows.fill(current[0], source);
            }
            for (int x = 0; x < width * factor; x++) {
                System.arraycopy(source, 3 * (x / factor), pixels, 3 * x, 3);
            }
        });
    }

    /** This picture as {@code 0xRRGGBB}, row by row. */
    public int[] colours() {
        int[] colours = new int[Math.multiplyExact(width, height)];
        byte[] pixels = new byte[3 * width];
        for (int y = 0; y < height; y++) {
            rows.fill(y, pixels);
            for (int x = 0; x < width; x++) {
                colours[y * width + x] =
                        (pixels[3 * x] & 0xff) << 16 | (pixels[3 * x + 1] & 0xff) << 8 | (pixels[3 * x + 2] & 0xff);
            }
        }
        return colours;
    }

    /**
     * Writes the picture as PNG. The file appears when it is complete.
     *
     * @param texts text chunks by keyword, in the order of the file
     * @return a remark for the user in one line, if the file that was replaced belonged to another user
     */
    public Optional<String> write(Path png, Map<String, String> texts) {
        return OutputFile.write(
                png, out -> PngEncoder.write(out, width, height, PngEncoder.ColourType.RGB, texts, rows));
    }
}
