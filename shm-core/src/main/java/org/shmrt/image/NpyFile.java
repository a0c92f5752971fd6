package org.shmrt.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.files.Bytes;
import org.shmrt.files.OutputFile;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.IoErrors;

/**
 * numpy's {@code .npy} files. Reads the versions 1.0, 2.0 and 3.0, either byte order, C and Fortran order;
 * writes the same bytes as {@code numpy.save}. Files are not trusted: a header that is not exactly what numpy
 * writes is refused, and no memory is taken for data that is not there. Bytes after the data are ignored, as
 * numpy does.
 *
 * <p>Stateless; safe for any thread.
 *
 * <p>Example: {@code NpyFile.write(Path.of("flat.npy"), NpyFile.read(Path.of("dark.npy")))}.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>
 */
public final class NpyFile {
    /** Longer headers belong to structured arrays, which are no images. */
    private static final int MAX_HEADER_BYTES = 1 << 20;

    private static final long UNKNOWN = -1;

    private NpyFile() {}

    /**
     * Reads a file.
     *
     * @param path the file
     * @return the image, in memory of its own, in C order and little-endian whatever the file
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws IncompatibleException if it is no {@code .npy} file, damaged, cut off, or holds no numbers
     * @throws ShmException if it cannot be read
     */
    public static MemoryImage read(Path path) {
        if (Files.isDirectory(path)) {
            throw IoErrors.directory("read", path);
        }
        try (InputStream in = Files.newInputStream(path)) {
            return read(in, path.toString(), Files.isRegularFile(path) ? Files.size(path) : UNKNOWN);
        } catch (IOException e) {
            throw IoErrors.reading(path, e);
        }
    }

    /**
     * Reads one image from an input and nothing behind it.
     *
     * @param in the input, at the start of an {@code .npy} file; a buffer around it is not needed
     * @param nameForMessages what the input is, for example a file's name
     * @return the image, in memory of its own, in C order and little-endian whatever the input
     * @throws IncompatibleException if it is not in {@code .npy} format, damaged, cut off, or holds no numbers
     * @throws ShmException if it cannot be read
     */
    public static MemoryImage read(InputStream in, String nameForMessages) {
        try {
            return read(in, nameForMessages, UNKNOWN);
        } catch (IOException e) {
            throw IoErrors.reading(nameForMessages, e);
        }
    }

    private static MemoryImage read(InputStream in, String name, long fileBytes) throws IOException {
        byte[] start = in.readNBytes(NpyHeader.MAGIC.length + 2);
        if (start.length < NpyHeader.MAGIC.length + 2
                || !Arrays.equals(start, 0, NpyHeader.MAGIC.length, NpyHeader.MAGIC, 0, NpyHeader.MAGIC.length)) {
            throw new IncompatibleException(
                    "cannot read " + name + " as .npy: it does not start as one; make it with numpy.save");
        }
        int major = start[6] & 0xff;
        int minor = start[7] & 0xff;
        if (major < 1 || major > 3 || minor != 0) {
            throw new IncompatibleException("cannot read " + name + ": it is .npy version " + major + "." + minor
                    + ", and 1.0, 2.0 and 3.0 are known");
        }
        byte[] length = in.readNBytes(major == 1 ? 2 : 4);
        long headerBytes = length.length < (major == 1 ? 2 : 4) ? UNKNOWN : littleEndian(length);
        if (headerBytes > MAX_HEADER_BYTES) {
            throw new IncompatibleException("cannot read " + name + ": its header claims " + headerBytes
                    + " bytes, and more than " + MAX_HEADER_BYTES + " are no image's; the file is damaged");
        }
        byte[] text = headerBytes < 0 ? length : in.readNBytes((int) headerBytes);
        if (headerBytes < 0 || text.length < headerBytes) {
            throw new IncompatibleException("cannot read " + name + ": it ends inside its header; copy it again");
        }
        // Version 3.0 is UTF-8, for the names of fields; numbers' headers are ASCII in every version.
        NpyHeader header = NpyHeader.parse(new String(text, StandardCharsets.ISO_8859_1), name);
        MemorySegment data = data(
                in, header, name, fileBytes < 0 ? UNKNOWN : fileBytes - start.length - length.length - headerBytes);
        return new MemoryImage(header.type(), header.shape(), inOurOrder(data, header, name));
    }

    private static long littleEndian(byte[] length) {
        ByteBuffer bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN);
        return length.length == 2 ? bytes.getShort() & 0xffff : bytes.getInt() & 0xffff_ffffL;
    }

    private static MemorySegment data(InputStream in, NpyHeader header, String name, long thereBytes)
            throws IOException {
        long bytes = header.shape().byteSize(header.type());
        if (thereBytes == UNKNOWN) {
            return Bytes.readGrowing(in, bytes, name, found -> cutOff(header, name, found));
        }
        if (thereBytes < bytes) {
            throw cutOff(header, name, thereBytes);
        }
        MemorySegment data = Bytes.allocate(bytes, name);
        long found = Bytes.fill(in, data);
        if (found < bytes) {
            throw cutOff(header, name, found);
        }
        return data;
    }

    private static IncompatibleException cutOff(NpyHeader header, String name, long found) {
        return new IncompatibleException("cannot read " + name + ": its data is cut off, expected "
                + header.shape().byteSize(header.type()) + " bytes for " + header.shape() + " " + header.type()
                + ", found " + found + "; copy it again");
    }

    private static MemorySegment inOurOrder(MemorySegment data, NpyHeader header, String name) {
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
     * Writes an image; the file appears when it is complete.
     *
     * @param path the file, replaced if it exists
     * @param image what to write
     * @throws ShmException if it cannot be written
     */
    public static void write(Path path, MemoryImage image) {
        OutputFile.write(path, out -> writeTo(out, image));
    }

    /**
     * Writes elements that are no numbers of Java's (texts, dates, structures, long doubles) as the bytes they are; the
     * file appears when it is complete.
     *
     * @param path the file, replaced if it exists
     * @param description numpy's word for the type, for example {@code <U12} or {@code |V24}
     * @param shape slowest axis first
     * @param data the elements, in C order
     * @throws IllegalArgumentException if the data is no whole number of bytes an element, or numpy has no such word
     * @throws ShmException if it cannot be written
     */
    public static void writeAs(Path path, String description, Shape shape, MemorySegment data) {
        if (!description.matches("[<|][a-zA-Z][0-9]{0,10}")) {
            throw new IllegalArgumentException("'" + description + "' is no type of numpy's in one word");
        }
        long count = shape.elementCount();
        if (count == 0 ? data.byteSize() > 0 : data.byteSize() % count != 0) {
            throw new IllegalArgumentException(data.byteSize() + " bytes are no " + shape + " elements");
        }
        OutputFile.write(path, out -> {
            out.write(NpyHeader.encode(description, shape));
            Bytes.write(out, data);
        });
    }

    /**
     * Writes an image to an output and flushes it.
     *
     * @param out the output
     * @param image what to write
     * @throws ShmException if it cannot be written
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
