package org.shmrt.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shmrt.memory.MemoryImage;

/**
 * An additional format of image files, found by {@link java.util.ServiceLoader}. {@link ImageFiles} loads formats only
 * if the ending of a file is not a built-in one.
 *
 * <p>Implementations must be stateless and safe for any thread.
 */
public interface ImageFormat {
    /**
     * Returns the endings of file names, for messages.
     *
     * @return endings in lower case, the most common one first, for example {@code .fits}
     */
    List<String> endings();

    /**
     * Whether this format reads a file, judged by the name only.
     *
     * @param path the file; text after the ending may select a part of the file
     * @return true if it does
     */
    boolean reads(Path path);

    /**
     * Whether this format writes a file, judged by the name only.
     *
     * @param path the file
     * @return true if it does
     */
    boolean writes(Path path);

    /**
     * Reads an image.
     *
     * @param path a file that {@link #reads} accepted
     * @return the image, in new memory, and remarks
     * @throws org.shmrt.error.ShmException if the file cannot be read
     */
    LoadedImage read(Path path);

    /**
     * Reads an image that may be compressed. The default is for formats without compression.
     *
     * @param path a file that {@link #reads} accepted
     * @param maxExpandedBytes largest image that a compressed file may expand to, bytes
     * @return the image, in new memory, and remarks
     * @throws org.shmrt.error.ShmException if the file cannot be read, or expands to more
     */
    default LoadedImage read(Path path, long maxExpandedBytes) {
        return read(path);
    }

    /**
     * Writes an image. The file must appear only when it is complete.
     *
     * @param path a file that {@link #writes} accepted; replaced if it exists
     * @param image the image
     * @return a remark for the user in one line
     * @throws IllegalArgumentException if the format cannot represent the image
     * @throws org.shmrt.error.ShmException if the file cannot be written
     */
    Optional<String> write(Path path, MemoryImage image);
}
