package org.shmrt.record.chunk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.FitsBlock;
import org.shmrt.fits.pixel.ByteSwap;
import org.shmrt.fits.pixel.StoredType;
import org.shmrt.posix.FileLock;

/**
 * Writes one chunk. Frames are appended to the cube before their rows are appended to the table, and the headers are
 * changed after both were forced to the disk: at every moment the headers describe frames that exist. A failed call can
 * be repeated; what it has written is overwritten. For one thread, which must not be interrupted.
 */
public final class ChunkWriter implements AutoCloseable {
    private static final int CARD_BYTES = 80;
    private static final int NAME_BYTES = 8;
    /** The size of a buffer is an int. */
    private static final long MAX_BUFFER_BYTES = 1 << 30;
    /** Loops over more elements than this do not fit an int. */
    private static final long MAX_SWAP_BYTES = 1 << 30;

    private static final int WIDENING_ELEMENTS = 1 << 16;
    private static final byte[] PAD = new byte[FitsBlock.BYTES];

    private final Path path;
    private final Path timesPath;
    private final ChunkSpec spec;
    private final StoredType stored;
    private final FileChannel cube;
    private final FileChannel times;
    private final FileLock lock;
    private final byte[] header;
    private final byte[] tableHeader;
    private final long tableAt;
    private final long storedFrameBytes;
    private final ByteBuffer widened;
    private long frames;
    private long flushedFrames;

    private ChunkWriter(Path path, ChunkSpec spec, FileChannel cube, FileChannel times, FileLock lock, byte[] start) {
        this.path = path;
        this.timesPath = ChunkName.timesOf(path);
        this.spec = spec;
        this.stored = StoredType.of(spec.type());
        this.cube = cube;
        this.times = times;
        this.lock = lock;
        this.header = spec.header(stored, 0);
        this.tableHeader = TableHeader.encode(0, BootId.CURRENT);
        this.tableAt = start.length;
        this.storedFrameBytes = spec.frame().elementCount() * stored.storedBytes();
        this.widened = stored.widened()
                ? Arena.ofAuto()
                        .allocate((long) WIDENING_ELEMENTS * stored.storedBytes(), Long.BYTES)
                        .asByteBuffer()
                : null;
    }

    /**
     * Creates the two files of a chunk. Until it is closed, a lock on the table shows that it is being recorded.
     *
     * @throws IOException if a file exists or cannot be written; then none remains
     */
    public static ChunkWriter create(Path path, ChunkSpec spec) throws IOException {
        Path timesPath = ChunkName.timesOf(path);
        FileChannel times = FileChannel.open(timesPath, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        FileChannel cube = null;
        FileLock lock = null;
        try {
            byte[] start = emptyPrimary();
            lock = FileLock.tryExclusive(timesPath);
            cube = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            ChunkWriter writer = new ChunkWriter(path, spec, cube, times, lock, start);
            writer.writeHeaders(start);
            return writer;
        } catch (IOException | RuntimeException | Error e) {
            if (cube != null) {
                cube.close();
                Files.deleteIfExists(path);
            }
            if (lock != null) {
                lock.close();
            }
            times.close();
            Files.deleteIfExists(timesPath);
            throw e;
        }
    }

    private static byte[] emptyPrimary() {
        CardWriter header = new CardWriter();
        header.add(FitsCard.of("SIMPLE", true, "conforms to FITS standard"));
        header.add(FitsCard.of("BITPIX", 8, ""));
        header.add(FitsCard.of("NAXIS", 0, "the frames are in the file without " + ChunkName.TIMES));
        header.add(FitsCard.of("EXTEND", true, ""));
        return header.end();
    }

    private void writeHeaders(byte[] start) throws IOException {
        write(times, ByteBuffer.wrap(start), 0);
        write(times, ByteBuffer.wrap(tableHeader), tableAt);
        write(cube, ByteBuffer.wrap(header), 0);
    }

    /** Whether a table cannot have a row, because its writer was killed before the first frame. */
    static boolean isWithoutRows(Path table) throws IOException {
        return Files.size(table) <= emptyPrimary().length + TableHeader.encode(0, BootId.CURRENT).length;
    }

    public Path path() {
        return path;
    }

    public ChunkSpec spec() {
        return spec;
    }

    /** Frames appended. */
    public long frames() {
        return frames;
    }

    /** Size of both files, bytes. */
    public long bytes() {
        return header.length + frames * (storedFrameBytes + FrameRow.BYTES) + tableAt + tableHeader.length;
    }

    /**
     * Converts frames in place to the form in which {@link #append} expects them: once for each frame, also if it is
     * appended again after a failure.
     */
    public static void convert(ChunkSpec spec, MemorySegment frames) {
        StoredType stored = StoredType.of(spec.type());
        if (stored.widened() || (stored.storedBytes() == 1 && stored.flip() == 0)) {
            return;
        }
        for (long at = 0; at < frames.byteSize(); at += MAX_SWAP_BYTES) {
            MemorySegment part = frames.asSlice(at, Math.min(MAX_SWAP_BYTES, frames.byteSize() - at));
            ByteSwap.toFile(part, stored.storedBytes(), stored.flip());
        }
    }

    /**
     * Appends frames.
     *
     * @param converted whole frames, native memory, as {@link #convert} leaves them
     * @param rows their rows, from the position to the limit
     * @throws IOException if they cannot be written; then none is appended
     */
    public void append(MemorySegment converted, ByteBuffer rows) throws IOException {
        long count = rows.remaining() / FrameRow.BYTES;
        long at = header.length + frames * storedFrameBytes;
        if (stored.widened()) {
            writeWidened(converted, at);
        } else {
            write(converted, at);
        }
        long rowsAt = tableAt + tableHeader.length + frames * FrameRow.BYTES;
        try {
            write(times, rows, rowsAt);
        } catch (IOException e) {
            times.truncate(rowsAt); // a part of the rows would count as frames after a crash
            throw e;
        }
        frames += count;
    }

    private void write(MemorySegment bytes, long to) throws IOException {
        for (long at = 0; at < bytes.byteSize(); at += MAX_BUFFER_BYTES) {
            long count = Math.min(MAX_BUFFER_BYTES, bytes.byteSize() - at);
            write(cube, bytes.asSlice(at, count).asByteBuffer(), to + at);
        }
    }

    private void writeWidened(MemorySegment halves, long to) throws IOException {
        MemorySegment wide = MemorySegment.ofBuffer(widened.clear());
        long elements = halves.byteSize() / spec.type().itemBytes();
        for (long at = 0; at < elements; at += WIDENING_ELEMENTS) {
            int count = (int) Math.min(WIDENING_ELEMENTS, elements - at);
            int bytes = count * stored.storedBytes();
            stored.copy(halves, at, count, wide);
            ByteSwap.toFile(wide.asSlice(0, bytes), stored.storedBytes(), stored.flip());
            write(cube, widened.clear().limit(bytes), to + at * stored.storedBytes());
        }
    }

    private static void write(FileChannel to, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += to.write(bytes, at);
        }
    }

    private static void pad(FileChannel to, long written) throws IOException {
        int missing = (int) (FitsBlock.roundUp(written) - written);
        write(to, ByteBuffer.wrap(PAD, 0, missing), written);
    }

    /**
     * Forces the frames to the disk, then lets the headers describe them. The headers themselves are forced by the next
     * call. After a crash of the machine, what the previous call flushed is readable.
     *
     * @throws IOException if that fails; the chunk can be used further
     */
    public void flush() throws IOException {
        if (frames == flushedFrames) {
            return;
        }
        long now = frames;
        pad(cube, header.length + now * storedFrameBytes);
        pad(times, tableAt + tableHeader.length + now * FrameRow.BYTES);
        cube.force(false);
        times.force(false);
        writeCard(cube, spec.framesCard(), spec.framesCard(now));
        writeCard(times, tableAt / CARD_BYTES + TableHeader.ROWS_CARD, TableHeader.rowsCard(now));
        flushedFrames = now;
    }

    static void writeCard(FileChannel to, long index, FitsCard card) throws IOException {
        write(to, ByteBuffer.wrap(encode(card)), index * CARD_BYTES);
    }

    private static byte[] encode(FitsCard card) {
        return Arrays.copyOf(new CardWriter().add(card).end(), CARD_BYTES);
    }

    /** Replaces the first card of its name in a header at the start of a file. */
    static void replaceCard(FileChannel file, long headerBytes, FitsCard card) throws IOException {
        byte[] name = Arrays.copyOf(encode(card), NAME_BYTES);
        ByteBuffer header = ByteBuffer.allocate(Math.toIntExact(headerBytes));
        while (header.hasRemaining() && file.read(header, header.position()) > 0) {
            // reads on
        }
        for (int at = 0; at < header.position(); at += CARD_BYTES) {
            if (Arrays.equals(header.array(), at, at + NAME_BYTES, name, 0, NAME_BYTES)) {
                writeCard(file, at / CARD_BYTES, card);
                return;
            }
        }
    }

    /**
     * Appends the table to the cube and removes its own file. A chunk without frames is removed. If this fails, the chunk
     * remains readable, and repair completes it.
     *
     * @param lost frames that are missing in the chunk
     * @param lostAtEnd frames that are missing after its last one
     * @throws IOException if the disk is full, for example; the call can be repeated
     */
    public void finish(long lost, long lostAtEnd) throws IOException {
        if (frames == 0) {
            Files.deleteIfExists(path);
            Files.deleteIfExists(timesPath);
            return;
        }
        flush();
        replaceCard(cube, header.length, ChunkSpec.lostCard(lost));
        replaceCard(cube, header.length, ChunkSpec.lostAtEndCard(lostAtEnd));
        try (FileChannel table = FileChannel.open(timesPath, StandardOpenOption.READ)) {
            appendTable(cube, header.length + frames * storedFrameBytes, table, tableAt, frames);
        }
        Files.deleteIfExists(timesPath);
    }

    /** Copies the table to the end of the cube. */
    static void appendTable(FileChannel cube, long cubeEnd, FileChannel table, long tableAt, long rows)
            throws IOException {
        pad(cube, cubeEnd);
        long to = FitsBlock.roundUp(cubeEnd);
        long headerBytes = TableHeader.encode(rows, BootId.CURRENT).length;
        long bytes = headerBytes + rows * FrameRow.BYTES;
        cube.truncate(to);
        cube.position(to);
        long done = 0;
        while (done < bytes) {
            long copied = table.transferTo(tableAt + done, bytes - done, cube);
            if (copied <= 0) {
                throw new IOException("the table of the frames ends too early");
            }
            done += copied;
        }
        writeCard(cube, to / CARD_BYTES + TableHeader.ROWS_CARD, TableHeader.rowsCard(rows));
        pad(cube, to + bytes);
        cube.force(false);
    }

    /** Closes the files. Without {@link #finish} the chunk is left as a crash leaves it. */
    @Override
    public void close() throws IOException {
        try (cube;
                times) {
            lock.close();
        }
    }
}
