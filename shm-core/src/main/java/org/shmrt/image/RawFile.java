package org.shmrt.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.files.Bytes;
import org.shmrt.files.OutputFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/**
 * Images as raw bytes in C order, little-endian, without a header: the form that {@code ffmpeg -f rawvideo} writes and
 * {@code numpy.fromfile} reads.
 *
 * <p>Stateless; safe for any thread. Methods block while they read or write.
 */
public final class RawFile {
    private RawFile() {}

    /**
     * Reads a file with one image.
     *
     * @param path the file
     * @param type type of the elements
     * @param shape shape, slowest axis first
     * @return the image, in new memory
     * @throws org.shmrt.error.NotFoundException if the file does not exist
     * @throws IncompatibleException if the file has more or fewer bytes than the image
     * @throws ShmException if the file cannot be read
     */
    public static MemoryImage read(Path path, DataType type, Shape shape) {
        long bytes = shape.byteSize(type);
        if (Files.isDirectory(path)) {
            throw IoErrors.directory("read", path);
        }
        try (InputStream in = FileOpening.stream(path)) {
            MemorySegment data;
            if (Files.isRegularFile(path)) {
                long found = Files.size(path);
                if (found != bytes) {
                    throw wrongSize(path, type, shape, found + " bytes");
                }
                data = Bytes.allocate(bytes, FileNames.text(path));
                long filled = Bytes.fill(in, data);
                if (filled != bytes) {
                    throw wrongSize(path, type, shape, filled + " bytes");
                }
            } else {
                data = Bytes.readGrowing(
                        in, bytes, FileNames.text(path), found -> wrongSize(path, type, shape, found + " bytes"));
                if (in.read() >= 0) {
                    throw wrongSize(path, type, shape, "more than " + bytes + " bytes");
                }
            }
            return new MemoryImage(type, shape, data);
        } catch (IOException e) {
            throw IoErrors.reading(path, e);
        }
    }

    private static IncompatibleException wrongSize(Path path, DataType type, Shape shape, String found) {
        return new IncompatibleException("raw file " + FileNames.text(path) + " has " + found + ", but an image of "
                + shape + " " + type + " has " + shape.byteSize(type) + ": check shape and type");
    }

    /**
     * Reads the next frame of a sequence of frames.
     *
     * @param in the input, for example a pipe from a camera program
     * @param frame memory for the frame, at least one byte; may be shared memory
     * @return true if the frame was read, false if the input ended before its first byte
     * @throws IncompatibleException if the input ends inside the frame
     * @throws IllegalArgumentException if the frame has no bytes
     * @throws ShmException if the input cannot be read
     */
    public static boolean read(InputStream in, MemorySegment frame) {
        if (frame.byteSize() == 0) {
            throw new IllegalArgumentException(
                    "a frame of 0 bytes cannot be read: the number of such frames in an input is undefined");
        }
        long found;
        try {
            found = Bytes.fill(in, frame);
        } catch (IOException e) {
            throw IoErrors.reading("the input", e);
        }
        if (found != 0 && found != frame.byteSize()) {
            throw new IncompatibleException("the input ended inside a frame, after " + found + " of " + frame.byteSize()
                    + " bytes: check shape and type");
        }
        return found != 0;
    }

    /**
     * Writes one image. The file appears when it is complete.
     *
     * @param path the file; replaced if it exists
     * @param image the image
     * @return a remark for the user in one line, if the file that was replaced belonged to another user
     * @throws ShmException if the file cannot be written
     */
    public static Optional<String> write(Path path, MemoryImage image) {
        return OutputFile.write(path, out -> Bytes.write(out, image.data()));
    }

    /**
     * Writes one frame to an output and flushes it.
     *
     * @param out the output; stays open
     * @param frame the bytes of the frame
     * @throws ShmException if the output cannot be written
     */
    public static void write(OutputStream out, MemorySegment frame) {
        try {
            Bytes.write(out, frame);
            out.flush();
        } catch (IOException e) {
            throw IoErrors.writing("the output", e);
        }
    }
}
