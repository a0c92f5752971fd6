package org.shmrt.image.plot;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.shmrt.error.ShmException;
import org.shmrt.text.FileNames;

/** Draws with java.desktop, which may be missing, without a screen. */
final class Desktop {
    private Desktop() {}

    /** The pixels of a picture that was drawn. */
    static Raster raster(BufferedImage picture) {
        int width = picture.getWidth();
        int[] row = new int[width];
        return new Raster(width, picture.getHeight(), (y, pixels) -> {
            picture.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                pixels[3 * x] = (byte) (row[x] >> 16);
                pixels[3 * x + 1] = (byte) (row[x] >> 8);
                pixels[3 * x + 2] = (byte) row[x];
            }
        });
    }

    /**
     * Draws.
     *
     * @param file the picture, for messages
     * @throws ShmException if this Java runs without the module java.desktop, or its graphics do not start
     */
    static <T> T draw(Path file, Supplier<T> drawing) {
        // must be set before the first class of java.desktop is loaded, which would try to connect to a display
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
        try {
            return drawing.get();
        } catch (LinkageError | InternalError e) {
            throw new ShmException(
                    "cannot draw " + FileNames.text(file) + ": "
                            + (ModuleLayer.boot().findModule("java.desktop").isEmpty()
                                    ? "this Java runs without the module java.desktop; use a full JDK, or"
                                            + " add --add-modules java.desktop"
                                    : "Java's 2D graphics failed to start (" + e
                                            + "); install the complete headless package of the JDK"),
                    e);
        }
    }
}
