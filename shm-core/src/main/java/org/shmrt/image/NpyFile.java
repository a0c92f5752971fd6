package org.shmrt.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.files.Bytes;
import org.shmrt.files.OutputFile;
import org.shmrt.image.pixel.Reorder;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/**
 * Reads and writes numpy's {@code .npy} files. Reads versions 1.0, 2.0 and 3.0, both byte orders, and C and Fortran
 * order. Writes the same bytes as {@code numpy.save}.
 *
 * <p>Files are not trusted: a header is accepted only in the form that numpy writes, and memory is allocated only for
 * data that exists. Bytes after the data are ignored, as in numpy.
 *
 * <p>Stateless; safe for any thread. Methods block while they read or write.
 *
 * <p>Example: {@code NpyFile.write(Path.of("flat.npy"), NpyFile.read(Path.of("dark.npy")))}.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>
 */
public final class NpyFile {
    private NpyFile() {}

    /**
     * Reads a file.
     *
     * @param path the file
     * @return the image in C order and little-endian, in new memory. If Java has too little memory for it and the file
     *     already has this form, the file itself is mapped read-only; the file must not be truncated while the image is
     *     used
     * @throws org.shmrt.error.NotFoundException if the file does not exist
     * @throws IncompatibleException if the file is not an {@code .npy} file, is damaged or truncated, or its elements
     *     are not numbers
     * @throws ShmException if the file cannot be read
     */
    public static MemoryImage read(Path path) {
        return load(path).image();
    }

    /** Reads the first array of a file, with a remark if more follows. */
    static LoadedImage load(Path path) {
        if (Files.isDirectory(path)) {
            throw IoErrors.directory("read", path);
        }
        try (InputStream in = FileOpening.stream(path)) {
            OptionalLong fileBytes =
                    Files.isRegularFile(path) ? OptionalLong.of(Files.size(path)) : OptionalLong.empty();
            MemoryImage image = read(in, FileNames.text(path), fileBytes);
            return new LoadedImage(image, following(in).stream().toList());
        } catch (ShmException e) {
            if (e.getCause() instanceof OutOfMemoryError && Files.isRegularFile(path)) {
                return mapped(path, e);
            }
            throw e;
        } catch (IOException e) {
            throw IoErrors.reading(path, e);
        }
    }

    /**
     * Reads one image from an input, and nothing after it.
     *
     * @param in the input, at the start of an {@code .npy} file; it needs no buffer and stays open
     * @param nameForMessages name of the input, for example of a file
     * @return the image in new memory, in C order and little-endian, like every image that is read
     * @throws IncompatibleException if the input is not in {@code .npy} format, is damaged or truncated, or its
     *     elements are not numbers
     * @throws ShmException if the input cannot be read
     */
    public static MemoryImage read(InputStream in, String nameForMessages) {
        try {
            return read(in, nameForMessages, OptionalLong.empty());
        } catch (IOException e) {
            throw IoErrors.reading(nameForMessages, e);
        }
    }

    private static LoadedImage mapped(Path path, ShmException noMemory) {
        try (NpyInput input = NpyInput.open(path)) {
            NpyInput.Array array = input.arrays().getFirst();
            MemorySegment data = input.map(array).orElseThrow(() -> noMemory);
            return new LoadedImage(new MemoryImage(array.type(), array.shape(), data), List.of());
        } catch (IOException e) {
            throw IoErrors.reading(path, e);
        }
    }

    /** A remark about what follows the first array: numpy.save appends to an open file. */
    private static Optional<String> following(InputStream in) throws IOException {
        byte[] start = in.readNBytes(NpyHeader.MAGIC.length);
        if (start.length == 0) {
            return Optional.empty();
        }
        return Optional.of(
                Arrays.equals(start, NpyHeader.MAGIC)
                        ? "the file contains more than one array, and only the first was read"
                        : "the bytes after the array were ignored");
    }

    private static MemoryImage read(InputStream in, String name, OptionalLong fileBytes) throws IOException {
        NpyHeader header = NpyHeader.read(in, name);
        MemorySegment data = fileBytes.isPresent()
                ? readAvailable(in, header, name, fileBytes.getAsLong() - header.fileBytes())
                : Bytes.readGrowing(
                        in, header.shape().byteSize(header.type()), name, found -> dataTruncated(header, name, found));
        return new MemoryImage(header.type(), header.shape(), inNativeOrder(data, header, name));
    }

    private static MemorySegment readAvailable(InputStream in, NpyHeader header, String name, long available)
            throws IOException {
        long bytes = header.shape().byteSize(header.type());
        if (available < bytes) {
            throw dataTruncated(header, name, available);
        }
        MemorySegment data = Bytes.allocate(bytes, name);
        long found = Bytes.fill(in, data);
        if (found < bytes) {
            throw dataTruncated(header, name, found);
        }
        return data;
    }

    static IncompatibleException dataTruncated(NpyHeader header, String name, long found) {
        return new IncompatibleException("cannot read " + name + ": its data is truncated, expected "
                + header.shape().byteSize(header.type()) + " bytes for " + header.shape() + " " + header.type()
                + ", found " + found + "; copy it again");
    }

    private static MemorySegment inNativeOrder(MemorySegment data, NpyHeader header, String name) {
        if (header.bigEndian()) {
            Reorder.swapBytes(data, header.type().componentBytes());
        }
        if (!header.fortranOrder() || Reorder.sameInBothOrders(header.shape())) {
            return data;
        }
        MemorySegment ordered = Bytes.allocate(data.byteSize(), name);
        Reorder.fortranToC(data, ordered, header.shape(), header.type().itemBytes());
        return ordered;
    }

    /**
     * Writes an image. The file appears when it is complete.
     *
     * @param path the file; replaced if it exists
     * @param image the image
     * @return a remark for the user in one line, if the file that was replaced belonged to another user
     * @throws ShmException if the file cannot be written
     */
    public static Optional<String> write(Path path, MemoryImage image) {
        return OutputFile.write(path, out -> writeTo(out, image));
    }

    /**
     * Writes elements of a type that Java does not have, such as texts, dates, structures or long doubles. The bytes
     * are written unchanged. The file appears when it is complete.
     *
     * @param path the file; replaced if it exists
     * @param description numpy's type string, for example {@code <U12} or {@code |V24}
     * @param shape shape, slowest axis first
     * @param data the elements, in C order
     * @return a remark for the user in one line, if the file that was replaced belonged to another user
     * @throws IllegalArgumentException if the data is not a multiple of the number of elements, or the description is not
     *     a type string
     * @throws ShmException if the file cannot be written
     */
    public static Optional<String> writeAs(Path path, String description, Shape shape, MemorySegment data) {
        if (!description.matches("[<|][a-zA-Z][0-9]{0,10}")) {
            throw new IllegalArgumentException("'" + description + "' is not a numpy type string, for example <U12");
        }
        long count = shape.elementCount();
        if (count == 0 ? data.byteSize() > 0 : data.byteSize() % count != 0) {
            throw new IllegalArgumentException(
                    data.byteSize() + " bytes cannot be divided into " + shape + " elements");
        }
        return OutputFile.write(path, out -> {
            out.write(NpyHeader.encode(description, shape));
            Bytes.write(out, data);
        });
    }

    /**
     * Writes an image to an output and flushes it.
     *
     * @param out the output; stays open
     * @param image the image
     * @throws ShmException if the output cannot be written
     */
    public static void write(OutputStream out, MemoryImage image) {
        try {
            writeTo(out, image);
            out.flush();
        } catch (IOException e) {
            throw IoErrors.writing("the output", e);
        }
    }

    private static void writeTo(OutputStream out, MemoryImage image) throws IOException {
        out.write(NpyHeader.encode(image.type(), image.shape()));
        Bytes.write(out, image.data());
    }
}
