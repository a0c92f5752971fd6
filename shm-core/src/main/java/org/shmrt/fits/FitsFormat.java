package org.shmrt.fits;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.shmrt.image.ImageFormat;
import org.shmrt.memory.MemoryImage;

/**
 * FITS as a format of image files: {@code .fits}, {@code .fit}, {@code .fts}, each also with {@code .gz} (compressed
 * as a whole) or {@code .fz} (in tiles) behind it. For reading, the image and a part of it may be named in brackets.
 */
public final class FitsFormat implements ImageFormat {
    private static final List<String> ENDINGS = List.of(".fits", ".fit", ".fts");

    /** For {@link java.util.ServiceLoader}. */
    public FitsFormat() {}

    @Override
    public List<String> endings() {
        return ENDINGS;
    }

    @Override
    public boolean reads(Path path) {
        return isFits(FitsAddress.fileName(path));
    }

    @Override
    public boolean writes(Path path) {
        return path.getFileName() != null && isFits(path.getFileName().toString());
    }

    private static boolean isFits(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|fz)$", "");
        return ENDINGS.stream().anyMatch(plain::endsWith);
    }

    @Override
    public MemoryImage read(Path path) {
        return FitsFile.read(path).image();
    }

    @Override
    public String write(Path path, MemoryImage image) {
        boolean tiles = path.toString().toLowerCase(Locale.ROOT).endsWith(".fz");
        FitsOptions options = FitsOptions.defaults();
        return FitsFile.write(path, image, tiles ? options.withCompression() : options);
    }
}
