package org.shmrt.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;

/**
 * Reads and writes image files in the format that the ending of their name selects, in any case: {@code .npy},
 * {@code .raw}, {@code .png} (for writing only), and the endings of every {@link ImageFormat} on the class or module
 * path, such as {@code .fits}.
 *
 * <p>Stateless; safe for any thread. Methods block while they read or write.
 */
public final class ImageFiles {
    /** What a compressed image may expand to by default, bytes: 1 GiB. */
    public static final long DEFAULT_MAX_EXPANDED_BYTES = 1L << 30;

    private ImageFiles() {}

    /**
     * Writes an image in the format that the name of the file selects. The file appears when it is complete.
     *
     * @param path the file; replaced if it exists
     * @param image the image
     * @return a remark for the user in one line, for example which values became black and white
     * @throws IllegalArgumentException if the ending is unknown, or the format cannot represent the image
     * @throws org.shmrt.error.ShmException if the file cannot be written
     */
    public static Optional<String> write(Path path, MemoryImage image) {
        return switch (ending(path)) {
            case ".npy" -> NpyFile.write(path, image);
            case ".raw" -> RawFile.write(path, image);
            case ".png" -> Optional.of(PngFile.writeWithRemark(path, image));
            default -> formatForWriting(path).write(path, image);
        };
    }

    /**
     * Reads an image in the format that the name of the file selects.
     *
     * @param path the file; {@code .raw} is not possible, because such a file does not contain type and shape
     * @return the image, in new memory
     * @throws IllegalArgumentException if the ending is unknown, or the file is {@code .raw}
     * @throws org.shmrt.error.ShmException if the file cannot be read
     */
    public static MemoryImage read(Path path) {
        return load(path, Optional.empty(), Optional.empty()).image();
    }

    /**
     * Reads an image in the format that the name of the file selects. Type and shape are used for {@code .raw} only;
     * other formats contain them.
     *
     * @param path the file
     * @param type type of the elements; must be given for {@code .raw}
     * @param shape shape, slowest axis first; must be given for {@code .raw}
     * @return the image, in new memory
     * @throws IllegalArgumentException if the ending is unknown, or type or shape is missing
     * @throws org.shmrt.error.ShmException if the file cannot be read
     */
    public static MemoryImage read(Path path, Optional<DataType> type, Optional<Shape> shape) {
        return load(path, type, shape).image();
    }

    /**
     * Reads an image, and remarks, in the format that the name of the file selects. Type and shape are used for
     * {@code .raw} only; other formats contain them.
     *
     * @param path the file
     * @param type type of the elements; must be given for {@code .raw}
     * @param shape shape, slowest axis first; must be given for {@code .raw}
     * @return the image, in new memory, and remarks about the file
     * @throws IllegalArgumentException if the ending is unknown, or type or shape is missing
     * @throws org.shmrt.error.ShmException if the file cannot be read
     */
    public static LoadedImage load(Path path, Optional<DataType> type, Optional<Shape> shape) {
        return load(path, type, shape, DEFAULT_MAX_EXPANDED_BYTES);
    }

    /**
     * Reads an image, and remarks, of a file that may be compressed.
     *
     * @param path the file
     * @param type type of the elements; must be given for {@code .raw}
     * @param shape shape, slowest axis first; must be given for {@code .raw}
     * @param maxExpandedBytes largest image that a compressed file may expand to, bytes
     * @return the image, in new memory, and remarks about the file
     * @throws IllegalArgumentException if the ending is unknown, or type or shape is missing
     * @throws org.shmrt.error.ShmException if the file cannot be read, or expands to more
     */
    public static LoadedImage load(Path path, Optional<DataType> type, Optional<Shape> shape, long maxExpandedBytes) {
        return switch (ending(path)) {
            case ".npy" -> NpyFile.load(path);
            case ".raw" ->
                new LoadedImage(
                        RawFile.read(path, required(type, "type", path), required(shape, "shape", path)), List.of());
            case ".png" ->
                throw new IllegalArgumentException("cannot read " + FileNames.text(path)
                        + ": .png files are for viewing; use .npy, .fits or .raw as input");
            default -> formatForReading(path).read(path, maxExpandedBytes);
        };
    }

    private static <T> T required(Optional<T> value, String name, Path path) {
        return value.orElseThrow(() -> new IllegalArgumentException(
                "raw file " + FileNames.text(path) + " does not contain its " + name + ": give type and shape"));
    }

    /**
     * Checks that an image can be written to a file of this name, before the image exists.
     *
     * @param path the file
     * @throws IllegalArgumentException if the ending is unknown
     */
    public static void checkEnding(Path path) {
        switch (ending(path)) {
            case ".npy", ".raw", ".png" -> {
                // built in
            }
            default -> formatForWriting(path);
        }
    }

    private static ImageFormat formatForReading(Path path) {
        return format(path, format -> format.reads(path), ".npy, .raw");
    }

    private static ImageFormat formatForWriting(Path path) {
        return format(path, format -> format.writes(path), ".npy, .png, .raw");
    }

    /** The first format found as a service that accepts the file. */
    private static ImageFormat format(Path path, Predicate<ImageFormat> accepts, String builtInEndings) {
        StringBuilder endings = new StringBuilder(builtInEndings);
        for (ImageFormat format : ServiceLoader.load(ImageFormat.class, ImageFormat.class.getClassLoader())) {
            if (accepts.test(format)) {
                return format;
            }
            endings.append(", ").append(format.endings().get(0));
        }
        throw new IllegalArgumentException(
                "the name of " + FileNames.text(path) + " does not select a format: end it in " + endings);
    }

    private static String ending(Path path) {
        String name =
                path.getFileName() == null ? "" : path.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.substring(Math.max(0, name.lastIndexOf('.')));
    }
}
