package org.shmrt.image;

import java.nio.file.Path;
import java.util.Locale;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/**
 * Image files by the ending of their names, in any case: {@code .npy}, {@code .raw}, and {@code .png} for writing.
 *
 * <p>Stateless; safe for any thread.
 */
public final class ImageFiles {
    private ImageFiles() {
    }

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
            default -> throw unknownEnding(path);
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
            case ".png" -> throw new IllegalArgumentException("cannot read " + path
                    + ": .png is for looking at, use .npy or .raw as input");
            default -> throw new IllegalArgumentException("cannot tell the format of " + path
                    + " from its name: end it in .npy or .raw");
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
            default -> throw unknownEnding(path);
        }
    }

    private static IllegalArgumentException unknownEnding(Path path) {
        return new IllegalArgumentException("cannot tell the format of " + path
                + " from its name: end it in .npy, .png or .raw");
    }

    private static String ending(Path path) {
        String name = path.getFileName() == null ? "" : path.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.substring(Math.max(0, name.lastIndexOf('.')));
    }
}
