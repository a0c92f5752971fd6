package org.shmrt.record.chunk;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.HduScanner;
import org.shmrt.fits.pixel.ByteSwap;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileOpening;
import org.shmrt.text.FileNames;

/**
 * A file with frames and their times, written by ShmRT or another program: random access to frames and rows. For one
 * thread at a time.
 */
public abstract class FrameFile implements AutoCloseable {
    /** How far a loop may run over truncated memory. */
    private static final long FAULT_BYTES = 32 << 10;

    private static final int BATCH_ROWS = 4096;
    /** What the pixels of a compressed file may take by default. */
    public static final long DEFAULT_MAX_EXPANDED_BYTES = Hdu.DEFAULT_MAX_EXPANDED_BYTES;

    /** Of up to 16 bytes. */
    private static final long MAX_ELEMENTS = Long.MAX_VALUE / 16;

    private static final int MAX_TEXT_BYTES = 1 << 27;

    private final Path path;

    FrameFile(Path path) {
        this.path = path;
    }

    /** What a FITS file is that does not have the name of a chunk. */
    private enum Kind {
        CHUNK,
        OF_DAO_DAQ,
        CUBE
    }

    /**
     * Opens a file: a chunk, or an extract of chunks; a file of daoDAQ, with an HDU for each frame; a cube of milk, with a
     * text file of its times beside it; or another cube, which has no times.
     *
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.IncompatibleException if it is none of these, or is damaged
     */
    public static FrameFile open(Path path) {
        if (ChunkName.parse(path).isPresent()
                || path.toString().endsWith(ChunkName.NPY)
                || Files.exists(ChunkName.timesOf(path))) {
            return ChunkFile.open(path);
        }
        if (ForeignCube.isOfMilk(path)) {
            return ForeignCube.openCube(path);
        }
        return switch (kind(path)) {
            case CHUNK -> ChunkFile.open(path);
            case OF_DAO_DAQ -> DaqFile.ofDaoDaq(path);
            case CUBE -> ForeignCube.openCube(path);
        };
    }

    private static Kind kind(ByteSource source) {
        HduScanner scanner = new HduScanner(source);
        Optional<Hdu> first = scanner.next();
        Optional<Hdu> second = scanner.next();
        // a cube that was copied from such a file has the cards too, and a table after the cube
        if (first.filter(DaqFile::isFrame).isPresent()
                && second.map(DaqFile::isFrame).orElse(true)) {
            return Kind.OF_DAO_DAQ;
        }
        Optional<Hdu> table = second.filter(next -> next.kind() == Hdu.Kind.TILES)
                .flatMap(tiles -> scanner.next())
                .or(() -> second);
        return table.filter(TableHeader::isTable).isPresent() ? Kind.CHUNK : Kind.CUBE;
    }

    private static Kind kind(Path path) {
        return ByteSource.openRegular(path, source -> {
            try (source) {
                return kind(source);
            }
        });
    }

    public final Path path() {
        return path;
    }

    /** Type of the elements in memory. */
    public abstract DataType type();

    /** Shape of a frame, slowest axis first. */
    public abstract Shape frameShape();

    /** Number of frames when it was opened. */
    public abstract long frames();

    /** Whether it has the counters and times of its frames; otherwise its rows are zero. */
    public boolean hasTimes() {
        return true;
    }

    /** The cards of the header that describe the stream. */
    public abstract List<FitsCard> cards();

    /** The rows of several frames. */
    public abstract FrameRow[] rows(long first, int count);

    /**
     * Reads frames.
     *
     * @param first index of the first one
     * @param target native memory of the size of one or more frames; may be shared memory
     * @throws org.shmrt.error.IncompatibleException if the file was truncated, or expands to more than the limit
     */
    public abstract void read(long first, MemorySegment target);

    /** Size of a frame in memory, bytes. */
    public final long frameBytes() {
        return frameShape().byteSize(type());
    }

    /** The row of a frame. */
    public final FrameRow row(long index) {
        return rows(index, 1)[0];
    }

    /** The number of frames that are missing before each of some frames, all together. */
    public final long lost(long first, long count) {
        long lost = 0;
        for (long done = 0; done < count; done += BATCH_ROWS) {
            for (FrameRow row : rows(first + done, (int) Math.min(BATCH_ROWS, count - done))) {
                lost += row.lost();
            }
        }
        return lost;
    }

    /** The first frame that arrived at a time or later; the number of frames if there is none. */
    public final long firstAtOrAfter(long arrivedNs) {
        long low = 0;
        long high = frames();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (row(middle).arrivedNs() < arrivedNs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Maps frames, where the file contains them as they are in memory: elements of one byte without a sign.
     *
     * @param arena determines how long they are mapped
     * @return the frames, read-only; empty if they have to be converted
     */
    public Optional<MemorySegment> map(long first, long count, Arena arena) {
        return Optional.empty();
    }

    /**
     * Sets how much memory the pixels of a compressed file may take, bytes. Has no effect on a file without compression,
     * of which one frame is read at a time.
     */
    public FrameFile maxExpandedBytes(long bytes) {
        return this;
    }

    /** Whether {@link #readStored} is possible. */
    boolean isPlain() {
        return false;
    }

    /** Reads frames as they are in the file. */
    void readStored(long first, MemorySegment target) {
        throw new UnsupportedOperationException("the frames of " + FileNames.text(path) + " have to be converted");
    }

    /** Converts pixels from the order of the file, in pieces, because the memory may be shared. */
    static void toNative(MemorySegment pixels, PixelFormat format) {
        for (long at = 0; at < pixels.byteSize(); at += FAULT_BYTES) {
            MemorySegment part = pixels.asSlice(at, Math.min(FAULT_BYTES, pixels.byteSize() - at));
            ByteSwap.toNative(part, format.storedBytes(), format.flip());
            Faults.poll();
        }
    }

    /** Shape of the image of an HDU, slowest axis first. */
    static Shape shapeOf(Hdu hdu) {
        int rank = (int) hdu.header().integer("NAXIS", 1, Shape.MAX_AXES);
        long[] axes = new long[rank];
        for (int axis = 1; axis <= rank; axis++) {
            axes[rank - axis] = hdu.header().integer("NAXIS" + axis, 1, Long.MAX_VALUE);
        }
        return shape(axes).orElseThrow(() -> tooLarge(hdu));
    }

    /** The shape of a frame as a file states it; empty if it has an axis of length 0, or is larger than any memory. */
    static Optional<Shape> shape(long... axes) {
        long elements = 1;
        for (long length : axes) {
            if (length < 1 || elements > MAX_ELEMENTS / length) {
                return Optional.empty();
            }
            elements *= length;
        }
        return axes.length > Shape.MAX_AXES ? Optional.empty() : Optional.of(Shape.of(axes));
    }

    static IncompatibleException tooLarge(Hdu hdu) {
        return hdu.header().damaged("its frames are larger than any memory");
    }

    /** Put before the names of the cards that describe the pixels of an HDU. */
    static String prefix(Hdu hdu) {
        return hdu.kind() == Hdu.Kind.TILES ? "Z" : "";
    }

    /** The stored form of the pixels of an HDU. */
    static PixelFormat formatOf(Hdu hdu) {
        String z = prefix(hdu);
        PixelFormat format = PixelFormat.of(hdu.header(), hdu.header().bitpix(z + "BITPIX"), z + "BLANK");
        if (format.scaled()) {
            throw hdu.header().damaged("its pixels are scaled, and those of a recording are not");
        }
        return format;
    }

    /** The lines of a text file beside the frames, which another user may have put there. */
    static List<String> lines(Path file, long maxBytes) {
        byte[] text = FileOpening.bytesOfRegular(file, (int) Math.min(maxBytes, MAX_TEXT_BYTES));
        return new String(text, StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public abstract void close();
}
