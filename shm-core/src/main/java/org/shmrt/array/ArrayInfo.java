package org.shmrt.array;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.Shape;

/**
 * The metadata of an array: an immutable snapshot that holds no file open. Arrays are recognized by the content of
 * their files, never by their names. Reading the metadata takes some tens of microseconds regardless of the size of
 * the array, needs read permission and no native access, and changes nothing. Safe for use by multiple threads.
 *
 * @param name name by which the array is attached: the bare name in shared memory, {@code file://PATH} elsewhere
 * @param path path of its file
 * @param headerVersion version of the metadata record in the file
 * @param type type of the elements
 * @param shape lengths of the axes, slowest axis first
 * @param fileBytes size of the file in bytes: data, metadata record, and padding between them on systems that round
 *     sizes up to pages
 */
public record ArrayInfo(
        String name, Path path, HeaderVersion headerVersion, ArrayType type, Shape shape, long fileBytes) {
    /**
     * Reads the metadata of the array in a file.
     *
     * @param file the file
     * @return its metadata
     * @throws NotFoundException if the file does not exist
     * @throws org.shmrt.error.AccessDeniedException if this user may not read the file
     * @throws IncompatibleException if the file is not a valid array; the message says why
     */
    public static ArrayInfo of(Path file) {
        return ArrayFiles.describe(file);
    }

    /**
     * Reads the metadata of a file that may be an array.
     *
     * @param file any file
     * @return its metadata, or nothing if the file is not a valid array, is not a regular file, or cannot be read
     * @throws org.shmrt.error.BusyException if a program has a lease on the file, so that it cannot be read now
     */
    public static Optional<ArrayInfo> detect(Path file) {
        return ArrayFiles.detect(file);
    }

    /**
     * Lists the arrays in a directory, without its subdirectories.
     *
     * @param directory the directory
     * @return one entry for each array, sorted by name
     * @throws NotFoundException if the directory does not exist
     * @throws ShmException if the directory cannot be listed
     */
    public static List<ArrayInfo> list(Path directory) {
        return ArrayFiles.list(directory);
    }

    /**
     * Size of the data.
     *
     * @return bytes
     */
    public long dataBytes() {
        return shape.elementCount() * type.itemBytes();
    }

    /**
     * Offset of the data in the file.
     *
     * @return bytes: 160 for {@link HeaderVersion#HEADER_160}, otherwise 0
     */
    public long dataOffset() {
        return headerVersion.dataOffset();
    }

    /**
     * Size of the padding between data and metadata record.
     *
     * @return bytes; 0 for files created on Linux, where sizes are exact
     */
    public long paddingBytes() {
        return fileBytes - dataBytes() - headerVersion.recordBytes();
    }
}
