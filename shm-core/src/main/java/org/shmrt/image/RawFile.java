package org.shmrt.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.files.Bytes;
import org.shmrt.files.OutputFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.IoErrors;

/**
 * Images as bare bytes, in memory order, little-endian, nothing before or after: what {@code ffmpeg -f rawvideo}
 * writes and {@code numpy.fromfile} reads.
 *
 * <p>Stateless; safe for any thread.
 */
public final class RawFile {
    private RawFile() {}

    /**
     * Reads a file that holds one image.
     *
     * @param path the file
     * @param type type of its elements
     * @param shape slowest axis first
     * @return the image, in memory of its own
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws IncompatibleException if it has more or fewer bytes than the image
     * @throws ShmException if it cannot be read
     */
    public static MemoryImage read(Path path, DataType type, Shape shape) {
        long bytes = shape.byteSize(type);
        if (Files.isDirectory(path)) {
            throw IoErrors.directory("read", path);
        }
        try (InputStream in = Files.newInputStream(path)) {
            MemorySegment data;
            if (Files.isRegularFile(path)) {
                long found = Files.size(path);
                if (found != bytes) {
                    throw wrongSize(path, type, shape, found + " bytes");
                }
                data = Bytes.allocate(bytes, path.toString());
                long filled = Bytes.fill(in, data);
                if (filled != bytes) {
                    throw wrongSize(path, type, shape, filled + " bytes");
                }
            } else {
                data = Bytes.readGrowing(
                        in, bytes, path.toString(), found -> wrongSize(path, type, shape, found + " bytes"));
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
        return new IncompatibleException("raw file " + path + " has " + found + ", but an image of " + shape + " "
                + type + " has " + shape.byteSize(type) + ": check shape and type");
    }

    /**
     * Reads the next frame of a sequence of frames.
     *
     * @param in the input, for example a pipe from a camera program
     * @param frame the memory to fill, at least one byte; may be shared memory
     * @return true if the frame is filled, false if the input ended before its first byte
     * @throws IncompatibleException if the input ends inside the frame
     * @throws ShmException if it cannot be read
     */
    public static boolean read(InputStream in, MemorySegment frame) {
        if (frame.byteSize() == 0) {
            throw new IllegalArgumentException("a frame of 0 bytes cannot be read: an input holds any number of them");
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
     * Writes one image; the file appears when it is complete.
     *
     * @param path the file, replaced if it exists
     * @param image what to write
     * @throws ShmException if it cannot be written
     */
    public static void write(Path path, MemoryImage image) {
        OutputFile.write(path, out -> Bytes.write(out, image.data()));
    }

    /**
     * Writes one frame to an output and flushes it.
     *
     * @param out the output
     * @param frame the bytes
     * @throws ShmException if it cannot be written
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
