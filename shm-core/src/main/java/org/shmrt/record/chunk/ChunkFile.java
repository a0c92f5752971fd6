package org.shmrt.record.chunk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.files.Bytes;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.HduScanner;
import org.shmrt.fits.pixel.ImageSection;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.fits.tile.TileReader;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;

/**
 * An open chunk: random access to its frames and rows, in whatever state it is. The number of frames is that at the
 * opening. A compressed chunk is decompressed as a whole when its first frame is read. For one thread at a time.
 */
public final class ChunkFile extends FrameFile {
    private static final int SCAN_ROWS = 1024;

    /** States of a chunk. */
    public enum State {
        /** Its recorder finished it. */
        COMPLETE,
        /** A recorder appends to it. */
        RECORDING,
        /** Its recorder was killed. */
        INTERRUPTED
    }

    private final ByteSource cube;
    private final Hdu hdu;
    private final PixelFormat format;
    private final Shape frame;
    private final long storedFrameBytes;
    private final State state;
    private final Table table;
    private final long frames;
    private MemorySegment decompressed;

    /** A table of frames: in the file of the cube or in its own. */
    private record Table(ByteSource source, TableHeader columns, long at, long rows, String bootId) {
        ByteBuffer read(long first, int count) {
            byte[] bytes = new byte[Math.multiplyExact(count, columns.rowBytes())];
            long offset = at + first * columns.rowBytes();
            if (source.read(offset, MemorySegment.ofArray(bytes)) < bytes.length) {
                throw new IncompatibleException(
                        "cannot read the table of the frames in " + source.path() + ": it is truncated; copy it again");
            }
            return ByteBuffer.wrap(bytes);
        }
    }

    /** Who may have locked the table of a chunk. */
    private enum Locked {
        /** A recorder, if anyone. */
        BY_RECORDER,
        /** The caller, who repairs the chunk. */
        BY_CALLER
    }

    private ChunkFile(Path path, ByteSource cube, Locked locked) {
        super(path);
        this.cube = cube;
        HduScanner scanner = new HduScanner(cube);
        Hdu first = scanner.next().orElseThrow();
        Path timesPath = ChunkName.timesOf(path);
        // as long as there is a table beside it, the one in the file of the cube may be incomplete
        boolean unfinished = Files.exists(timesPath);
        Optional<Hdu> second = unfinished ? Optional.empty() : scanner.next();
        boolean compressed =
                second.filter(next -> next.kind() == Hdu.Kind.TILES).isPresent();
        this.hdu = compressed ? second.get() : first;
        Optional<Hdu> own = compressed ? scanner.next() : second;
        String z = compressed ? "Z" : "";
        this.format = PixelFormat.of(hdu.header(), hdu.header().bitpix(z + "BITPIX"), z + "BLANK");
        long[] axes = axes(hdu, z);
        this.frame = Shape.of(Arrays.copyOfRange(axes, 1, axes.length));
        this.storedFrameBytes = frame.elementCount() * format.storedBytes();
        if (format.scaled()) {
            throw hdu.header().damaged("its pixels are scaled, and those of a recording are not");
        }
        if (unfinished) {
            boolean recording = locked == Locked.BY_RECORDER && FileLock.isHeld(timesPath, FileId.of(timesPath));
            ByteSource times = ByteSource.open(timesPath);
            try {
                this.table = tableOf(times, timesPath);
                this.frames = recording ? Math.min(axes[0], table.rows) : recoverable(axes[0]);
            } catch (RuntimeException | Error e) {
                times.close();
                throw e;
            }
            this.state = recording ? State.RECORDING : State.INTERRUPTED;
        } else if (own.filter(TableHeader::isTable).isPresent()) {
            this.table = tableIn(cube, own.get());
            this.frames = Math.min(axes[0], table.rows);
            this.state = State.COMPLETE;
        } else {
            throw hdu.header().damaged("it has no table " + TableHeader.NAME + " of its frames");
        }
    }

    private static long[] axes(Hdu hdu, String prefix) {
        int rank = (int) hdu.header().integer(prefix + "NAXIS", 2, Shape.MAX_AXES);
        long[] axes = new long[rank];
        for (int axis = 1; axis <= rank; axis++) {
            axes[rank - axis] = hdu.header().integer(prefix + "NAXIS" + axis, axis == rank ? 0 : 1, Long.MAX_VALUE);
        }
        return axes;
    }

    private static Table tableIn(ByteSource source, Hdu hdu) {
        return new Table(
                source,
                TableHeader.of(hdu.header()),
                hdu.dataOffset(),
                hdu.header().integer("NAXIS2", 0, Long.MAX_VALUE),
                hdu.header().text("BOOTID").orElse(""));
    }

    private static Table tableOf(ByteSource times, Path path) {
        HduScanner scanner = new HduScanner(times);
        scanner.next();
        return scanner.next()
                .filter(TableHeader::isTable)
                .map(found -> tableIn(times, found))
                .orElseThrow(() -> new IncompatibleException(
                        "cannot read " + path + ": it has no table of frames; the file is damaged"));
    }

    /**
     * The frames of an interrupted chunk. As long as the machine was not restarted, all that was written is there, and
     * more than the headers say. Otherwise only what was flushed is certain.
     */
    private long recoverable(long inHeader) {
        long flushed = Math.min(inHeader, table.rows);
        if (!table.bootId.equals(BootId.CURRENT)) {
            return flushed;
        }
        long whole = Math.min(bytesAfter(cube, hdu.dataOffset()) / storedFrameBytes, maxRows());
        long found = Math.min(flushed, whole);
        while (found < whole) {
            int count = (int) Math.min(SCAN_ROWS, whole - found);
            ByteBuffer rows = table.read(found, count);
            for (int i = 0; i < count; i++) {
                // padding is zero, and every frame has arrived at some time
                if (table.columns.row(rows, i).arrivedNs() == 0) {
                    return found + i;
                }
            }
            found += count;
        }
        return found;
    }

    private long maxRows() {
        return bytesAfter(table.source, table.at) / table.columns.rowBytes();
    }

    private static long bytesAfter(ByteSource source, long offset) {
        return Math.max(0, source.byteSize().orElse(0) - offset);
    }

    /**
     * Opens a chunk.
     *
     * @throws NotFoundException if there is no such file
     * @throws IncompatibleException if it is not a chunk, or is damaged
     */
    public static ChunkFile open(Path path) {
        try {
            return open(path, Locked.BY_RECORDER);
        } catch (NotFoundException e) {
            // its recorder may have finished it, and removed the table, at this moment
            return open(path, Locked.BY_RECORDER);
        }
    }

    /** Opens a chunk whose table the caller has locked. */
    static ChunkFile openLocked(Path path) {
        return open(path, Locked.BY_CALLER);
    }

    private static ChunkFile open(Path path, Locked locked) {
        ByteSource source = ByteSource.open(path);
        try {
            return new ChunkFile(path, source, locked);
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    public State state() {
        return state;
    }

    @Override
    public DataType type() {
        return format.type();
    }

    @Override
    public Shape frameShape() {
        return frame;
    }

    @Override
    public long frames() {
        return frames;
    }

    @Override
    public List<FitsCard> cards() {
        return hdu.header().descriptiveCards();
    }

    /** Position of the first frame in the file. */
    long cubeAt() {
        return hdu.dataOffset();
    }

    /** Position of the table in its file. */
    long tableHeaderAt() {
        return table.at - TableHeader.encode(0, BootId.CURRENT).length;
    }

    long storedFrameBytes() {
        return storedFrameBytes;
    }

    @Override
    public FrameRow[] rows(long first, int count) {
        ByteBuffer bytes = table.read(first, count);
        FrameRow[] rows = new FrameRow[count];
        for (int i = 0; i < count; i++) {
            rows[i] = table.columns.row(bytes, i);
        }
        return rows;
    }

    @Override
    public void read(long first, MemorySegment target) {
        if (hdu.kind() == Hdu.Kind.TILES) {
            MemorySegment.copy(pixels(), first * frameBytes(), target, 0, target.byteSize());
            return;
        }
        readStored(first, target);
        toNative(target, format);
    }

    @Override
    boolean isPlain() {
        return hdu.kind() != Hdu.Kind.TILES;
    }

    @Override
    void readStored(long first, MemorySegment target) {
        long found = cube.read(hdu.dataOffset() + first * storedFrameBytes, target);
        if (found < target.byteSize()) {
            throw hdu.truncated(first * storedFrameBytes + found);
        }
    }

    private MemorySegment pixels() {
        if (decompressed == null) {
            TileReader reader = new TileReader(cube, hdu);
            MemorySegment target =
                    Bytes.allocate(reader.shape().byteSize(reader.format().type()), path().toString());
            reader.read(ImageSection.all(reader.shape()), target);
            decompressed = target;
        }
        return decompressed;
    }

    @Override
    public Optional<MemorySegment> map(long first, long count, Arena arena) {
        if (!isPlain() || format.storedBytes() != 1 || format.flip() != 0) {
            return Optional.empty();
        }
        try (FileChannel channel = FileOpening.channel(path())) {
            long offset = hdu.dataOffset() + first * storedFrameBytes;
            long bytes = count * storedFrameBytes;
            if (channel.size() < offset + bytes) {
                throw hdu.truncated(channel.size() - hdu.dataOffset());
            }
            return Optional.of(channel.map(FileChannel.MapMode.READ_ONLY, offset, bytes, arena));
        } catch (IOException e) {
            throw IoErrors.reading(path(), e);
        }
    }

    @Override
    public void close() {
        if (table.source != cube) {
            table.source.close();
        }
        cube.close();
    }
}
