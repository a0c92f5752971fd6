package org.shmrt.image;

import java.nio.file.Path;
import java.util.List;
import org.shmrt.memory.MemoryImage;

/**
 * A format of image files beside those of this package, found by {@link java.util.ServiceLoader}. It is asked for
 * when a file's ending is none of the built-in ones, so that nothing of it is loaded otherwise.
 *
 * <p>Implementations are stateless and safe for any thread.
 */
public interface ImageFormat {
    /**
     * What its files' names end in, for messages.
     *
     * @return endings in lower case, the usual one first, for example {@code .fits}
     */
    List<String> endings();

    /**
     * Whether an image can be read from a file, by the file's name alone.
     *
     * @param path the file; what follows its ending may say which part of the file is meant
     * @return true if so
     */
    boolean reads(Path path);

    /**
     * Whether an image can be written to a file, by the file's name alone.
     *
     * @param path the file
     * @return true if so
     */
    boolean writes(Path path);

    /**
     * Reads an image.
     *
     * @param path the file, one that {@link #reads} accepted
     * @return the image, in memory of its own
     * @throws org.shmrt.error.ShmException if the file cannot be read
     */
    MemoryImage read(Path path);

    /**
     * Writes an image; the file appears when it is complete.
     *
     * @param path the file, one that {@link #writes} accepted; replaced if it exists
     * @param image what to write
     * @return one line worth telling the user, or null
     * @throws IllegalArgumentException if the format cannot hold such an image
     * @throws org.shmrt.error.ShmException if the file cannot be written
     */
    String write(Path path, MemoryImage image);
}
