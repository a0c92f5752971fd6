package org.shmrt.image;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.files.Bytes;
import org.shmrt.image.pixel.Reorder;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/**
 * An open {@code .npy} file, whose arrays are read whole or in parts. A part is read directly from the file, so the file
 * may be larger than memory. The file has several arrays if {@code numpy.save} was called more than once for one open
 * file.
 *
 * <p>The headers of all arrays are read and validated when the file is opened. Instances are for one thread at a time.
 * Closing twice has no effect.
 *
 * <p>Example:
 * <pre>{@code
 * try (NpyInput cube = NpyInput.open(Path.of("cube.npy"))) {
 *     MemorySegment frame = arena.allocate(480 * 640 * 2);
 *     cube.read(cube.arrays().getFirst(), 3 * 480 * 640, frame);
 * }
 * }</pre>
 */
public final class NpyInput implements AutoCloseable {
    private static final long MAX_BUFFER_BYTES = 1 << 30;
    /** Bounds the memory for the headers. */
    private static final int MAX_ARRAYS = 1_000_000;

    private final Path path;
    private final FileChannel channel;
    private final List<Array> arrays;
    private final Optional<String> remark;

    /** An array of the file. Immutable. */
    public static final class Array {
        private final NpyHeader header;
        private final long offset;

        private Array(NpyHeader header, long offset) {
            this.header = header;
            this.offset = offset;
        }

        /**
         * Returns the type of the elements.
         *
         * @return the type
         */
        public DataType type() {
            return header.type();
        }

        /**
         * Returns the shape.
         *
         * @return the shape, slowest axis first
         */
        public Shape shape() {
            return header.shape();
        }

        /**
         * Whether parts of the array can be read: the last axis is the fastest one in the file.
         *
         * @return false if the array can be read only as a whole
         */
        public boolean isReadInParts() {
            return !header.fortranOrder() || Reorder.sameInBothOrders(header.shape());
        }
    }

    private NpyInput(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        List<Array> found = new ArrayList<>();
        long size = channel.size();
        InputStream in = Channels.newInputStream(channel);
        long end = 0;
        do {
            channel.position(end);
            NpyHeader header = NpyHeader.read(in, FileNames.text(path));
            Array array = new Array(header, channel.position());
            long bytes = header.shape().byteSize(header.type());
            if (bytes > size - array.offset) {
                throw NpyFile.dataTruncated(header, FileNames.text(path), Math.max(0, size - array.offset));
            }
            if (found.size() == MAX_ARRAYS) {
                throw new IncompatibleException("cannot read " + FileNames.text(path) + ": it has more than "
                        + MAX_ARRAYS + " arrays; save them as one array with a further axis");
            }
            found.add(array);
            end = array.offset + bytes;
        } while (isArray(in, end));
        this.arrays = List.copyOf(found);
        this.remark = end < size ? Optional.of("the bytes after the last array were ignored") : Optional.empty();
    }

    private boolean isArray(InputStream in, long offset) throws IOException {
        channel.position(offset);
        return Arrays.equals(in.readNBytes(NpyHeader.MAGIC.length), NpyHeader.MAGIC);
    }

    /**
     * Opens a file and reads the headers of its arrays.
     *
     * @param path a regular file
     * @return the open file
     * @throws org.shmrt.error.NotFoundException if the file does not exist
     * @throws IncompatibleException if the file is not an {@code .npy} file, is damaged or truncated, or its elements
     *     are not numbers
     * @throws org.shmrt.error.ShmException if the file cannot be read
     */
    public static NpyInput open(Path path) {
        if (Files.isDirectory(path)) {
            throw IoErrors.directory("read", path);
        }
        try {
            FileChannel channel = FileOpening.channel(path);
            try {
                return new NpyInput(path, channel);
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw IoErrors.reading(path, e);
        }
    }

    /**
     * Maps an array read-only, for images that memory has no room for.
     *
     * @return empty if the bytes in the file are not those in memory
     */
    Optional<MemorySegment> map(Array array) throws IOException {
        if (!array.isReadInParts() || array.header.bigEndian()) {
            return Optional.empty();
        }
        long bytes = array.shape().byteSize(array.type());
        return Optional.of(channel.map(FileChannel.MapMode.READ_ONLY, array.offset, bytes, Arena.ofAuto()));
    }

    /**
     * Returns the arrays.
     *
     * @return the arrays in the order of the file, at least one
     */
    public List<Array> arrays() {
        return arrays;
    }

    /**
     * Returns a remark about bytes that are not part of an array.
     *
     * @return a remark for the user in one line
     */
    public Optional<String> remark() {
        return remark;
    }

    /**
     * Reads elements.
     *
     * @param array an array of this file
     * @param first index of the first element, in C order
     * @param target memory for whole elements, which become little-endian and in C order; it determines how many are
     *     read
     * @throws IllegalArgumentException if the elements are not within the array, or are a part of an array that is read
     *     only as a whole
     * @throws IncompatibleException if the file was truncated in the meantime
     * @throws org.shmrt.error.ShmException if the file cannot be read, or there is not enough memory
     */
    public void read(Array array, long first, MemorySegment target) {
        NpyHeader header = array.header;
        int itemBytes = header.type().itemBytes();
        long wholeBytes = header.shape().byteSize(header.type());
        boolean isPart = target.byteSize() < wholeBytes;
        if (first < 0
                || target.byteSize() % itemBytes != 0
                || first > (wholeBytes - target.byteSize()) / itemBytes
                || (isPart && !array.isReadInParts())) {
            throw new IllegalArgumentException("cannot read " + target.byteSize() + " bytes from element " + first
                    + " of an array of " + header.shape() + " " + header.type() + " in " + FileNames.text(path)
                    + (array.isReadInParts() ? "" : ", which is in Fortran order"));
        }
        MemorySegment stored = array.isReadInParts() ? target : Bytes.allocate(wholeBytes, FileNames.text(path));
        fill(array, first * itemBytes, stored);
        if (header.bigEndian()) {
            Reorder.swapBytes(stored, header.type().componentBytes());
        }
        if (!array.isReadInParts()) {
            Reorder.fortranToC(stored, target, header.shape(), itemBytes);
        }
    }

    private void fill(Array array, long offset, MemorySegment into) {
        long done = 0;
        try {
            while (done < into.byteSize()) {
                long count = Math.min(MAX_BUFFER_BYTES, into.byteSize() - done);
                int found = channel.read(into.asSlice(done, count).asByteBuffer(), array.offset + offset + done);
                if (found < 0) {
                    throw NpyFile.dataTruncated(array.header, FileNames.text(path), offset + done);
                }
                done += found;
            }
        } catch (IOException e) {
            throw IoErrors.reading(path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw IoErrors.reading(path, e);
        }
    }
}
