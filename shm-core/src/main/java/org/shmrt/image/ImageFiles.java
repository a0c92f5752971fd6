package org.shmrt.image;

import java.nio.file.Path;
import java.util.Locale;
import java.util.ServiceLoader;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/**
 * Image files by the ending of their names, in any case: {@code .npy}, {@code .raw}, {@code .png} for writing, and
 * the endings of every {@link ImageFormat} on the class or module path, such as {@code .fits}.
 *
 * <p>Stateless; safe for any thread.
 */
public final class ImageFiles {
    private ImageFiles() {}

    /**
     * Writes an image in the format its file's name asks for; the file appears when it is complete.
     *
     * @param path the file, replaced if it exists
     * @param image what to write
     * @return one line worth telling the user, such as which values became black and white, or null
     * @throws IllegalArgumentException if the ending is unknown, or the format cannot hold such an image
     * @throws org.shmrt.error.ShmException if the file cannot be written
     */
    public static String write(Path path, MemoryImage image) {
        switch (ending(path)) {
            case ".npy" -> NpyFile.write(path, image);
            case ".raw" -> RawFile.write(path, image);
            case ".png" -> {
                return PngFile.writeWithNote(path, image);
            }
            default -> {
                return format(path, true).write(path, image);
            }
        }
        return null;
    }

    /**
     * Reads an image in the format its file's name says.
     *
     * @param path the file
     * @param type type of the elements, needed for {@code .raw} only, may be null otherwise
     * @param shape slowest axis first, needed for {@code .raw} only, may be null otherwise
     * @return the image, in memory of its own
     * @throws IllegalArgumentException if the ending is unknown, or type or shape is needed and missing
     * @throws org.shmrt.error.ShmException if the file cannot be read
     */
    public static MemoryImage read(Path path, DataType type, Shape shape) {
        return switch (ending(path)) {
            case ".npy" -> NpyFile.read(path);
            case ".raw" -> {
                if (type == null || shape == null) {
                    throw new IllegalArgumentException("raw file " + path + " says nothing of its "
                            + (type == null ? "type" : "shape") + ": give type and shape");
                }
                yield RawFile.read(path, type, shape);
            }
            case ".png" ->
                throw new IllegalArgumentException(
                        "cannot read " + path + ": .png is for looking at, use .npy or .raw as input");
            default -> format(path, false).read(path);
        };
    }

    /**
     * Makes sure, before there is an image, that one could be written to a file of that name.
     *
     * @param path the file
     * @throws IllegalArgumentException if the ending is unknown
     */
    public static void checkEnding(Path path) {
        switch (ending(path)) {
            case ".npy", ".raw", ".png" -> {
                // known
            }
            default -> format(path, true);
        }
    }

    /** The format that comes as a service and takes files of that name. */
    private static ImageFormat format(Path path, boolean forWriting) {
        StringBuilder endings = new StringBuilder(forWriting ? ".npy, .png, .raw" : ".npy, .raw");
        for (ImageFormat format : ServiceLoader.load(ImageFormat.class, ImageFormat.class.getClassLoader())) {
            if (forWriting ? format.writes(path) : format.reads(path)) {
                return format;
            }
            endings.append(", ").append(format.endings().get(0));
        }
        throw new IllegalArgumentException(
                "cannot tell the format of " + path + " from its name: end it in " + endings);
    }

    private static String ending(Path path) {
        String name =
                path.getFileName() == null ? "" : path.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.substring(Math.max(0, name.lastIndexOf('.')));
    }
}
