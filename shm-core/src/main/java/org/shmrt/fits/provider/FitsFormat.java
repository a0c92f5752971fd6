package org.shmrt.fits.provider;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsImage;
import org.shmrt.fits.FitsInput;
import org.shmrt.fits.FitsOptions;
import org.shmrt.image.ImageFormat;
import org.shmrt.image.LoadedImage;
import org.shmrt.memory.MemoryImage;

/**
 * FITS as an image format: {@code .fits}, {@code .fit} and {@code .fts}, optionally followed by {@code .gz} (the whole
 * file compressed) or {@code .fz} (compressed tiles). For reading, brackets may select an image and a section of it.
 */
public final class FitsFormat implements ImageFormat {
    private static final List<String> ENDINGS = List.of(".fits", ".fit", ".fts");
    private static final String COMPRESSED_TILES = ".fz";

    /** For {@link java.util.ServiceLoader}. */
    public FitsFormat() {}

    /** Whether the name of a file is one that this format writes in compressed tiles. */
    public static boolean isCompressed(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(COMPRESSED_TILES);
    }

    /** Whether the name of a file is one that is compressed by gzip as a whole. */
    public static boolean isGzip(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    }

    @Override
    public List<String> endings() {
        return ENDINGS;
    }

    @Override
    public boolean reads(Path path) {
        // tolerant, so that reading reports what is wrong in the brackets, or how the file is compressed
        return isFits(
                name(path).replaceFirst("(?:\\[[^\\[\\]]*]){1,2}$", "").replaceFirst("\\.(bz2|Z|xz|zst|zip)$", ""));
    }

    @Override
    public boolean writes(Path path) {
        return isFits(name(path));
    }

    private static String name(Path path) {
        return path.getFileName() == null ? "" : path.getFileName().toString();
    }

    private static boolean isFits(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|fz)$", "");
        return ENDINGS.stream().anyMatch(plain::endsWith);
    }

    @Override
    public LoadedImage read(Path path) {
        return read(path, FitsInput.DEFAULT_MAX_EXPANDED_BYTES);
    }

    @Override
    public LoadedImage read(Path path, long maxExpandedBytes) {
        FitsImage read = FitsFile.read(path, maxExpandedBytes);
        return new LoadedImage(read.image(), read.remarks());
    }

    @Override
    public Optional<String> write(Path path, MemoryImage image) {
        FitsOptions options = FitsOptions.defaults();
        return FitsFile.write(path, image, isCompressed(path) ? options.withCompression() : options);
    }
}
