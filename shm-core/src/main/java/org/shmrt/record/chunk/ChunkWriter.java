package org.shmrt.record.chunk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.TempName;
import org.shmrt.text.FileNames;

/**
 * Writes one chunk. Frames are appended to the cube before their rows are appended to the table, and the headers are
 * changed after both were forced to the disk: at every moment the headers describe frames that exist. A failed call can
 * be repeated; what it has written is overwritten. For one thread, which must not be interrupted; only {@link
 * Flush#force} is for another one.
 */
public final class ChunkWriter implements AutoCloseable {
    private final Path path;
    private final Path timesPath;
    private final CubeForm form;
    private final FileChannel cube;
    private final FileChannel times;
    private final FileLock lock;
    private final int cubeAt;
    private final int tableAt;
    private long frames;
    private long flushedFrames;

    private ChunkWriter(Path path, CubeForm form, FileChannel cube, FileChannel times, FileLock lock)
            throws IOException {
        this.path = path;
        this.timesPath = ChunkName.timesOf(path);
        this.form = form;
        this.cube = cube;
        this.times = times;
        this.lock = lock;
        byte[] start = emptyPrimary();
        byte[] header = form.header(0);
        tableAt = start.length;
        cubeAt = header.length;
        CubeForm.write(times, ByteBuffer.wrap(start), 0);
        CubeForm.write(times, ByteBuffer.wrap(TableHeader.encode(0, BootId.CURRENT)), tableAt);
        form.begin();
        CubeForm.write(cube, ByteBuffer.wrap(header), 0);
    }

    /**
     * Creates the files of a chunk. They get their names when their headers are complete and a lock on the table shows
     * that the chunk is being recorded, which holds until it is closed.
     *
     * @param path a file whose name is that of a chunk; its ending chooses the form
     * @throws IOException if a file exists or cannot be written; then none remains
     */
    public static ChunkWriter create(Path path, ChunkSpec spec) throws IOException {
        return create(path, spec, UnaryOperator.identity());
    }

    /** As {@link #create(Path, ChunkSpec)}, with channels that a test slows down. */
    public static ChunkWriter create(Path path, ChunkSpec spec, UnaryOperator<FileChannel> sink) throws IOException {
        if (Files.exists(path)) {
            throw new FileAlreadyExistsException(FileNames.text(path));
        }
        Path hiddenTimes = TempName.beside(path);
        Path hiddenCube = TempName.beside(path);
        FileChannel times = sink.apply(createFile(hiddenTimes));
        FileChannel cube = null;
        FileLock lock = null;
        try {
            lock = FileLock.tryExclusive(hiddenTimes);
            cube = sink.apply(createFile(hiddenCube));
            ChunkWriter writer = new ChunkWriter(path, CubeForm.of(path, spec), cube, times, lock);
            // the table first: without it a cube counts as complete
            Files.move(hiddenTimes, writer.timesPath, StandardCopyOption.ATOMIC_MOVE);
            Files.move(hiddenCube, path, StandardCopyOption.ATOMIC_MOVE);
            return writer;
        } catch (IOException | RuntimeException | Error e) {
            if (lock != null) {
                lock.close();
            }
            times.close();
            if (cube != null) {
                cube.close();
            }
            Files.deleteIfExists(hiddenTimes);
            Files.deleteIfExists(hiddenCube);
            long ignored = ChunkDirectory.remove(path);
            throw e;
        }
    }

    private static FileChannel createFile(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    private static byte[] emptyPrimary() {
        return CardWriter.primaryWithoutImage("the frames are in the file without " + ChunkName.TIMES);
    }

    /** Whether a table cannot have a row, because its writer was killed before the first frame. */
    static boolean isWithoutRows(Path table) throws IOException {
        return Files.size(table) <= emptyPrimary().length + TableHeader.bytes();
    }

    public Path path() {
        return path;
    }

    /** Frames appended. */
    public long frames() {
        return frames;
    }

    private long cubeEnd() {
        return cubeAt + frames * form.storedFrameBytes();
    }

    private long tableEnd() {
        return tableAt + TableHeader.bytes() + frames * FrameRow.BYTES;
    }

    /** Size of both files, bytes. */
    public long bytes() {
        return cubeEnd() + tableEnd();
    }

    /**
     * Converts frames in place to the form in which {@link #append} expects them: once for each frame, also if it is
     * appended again after a failure.
     */
    public void convert(MemorySegment part) {
        form.convert(part);
    }

    /**
     * Appends frames.
     *
     * @param converted whole frames, native memory, as {@link #convert} leaves them
     * @param rows their rows, from the position to the limit
     * @throws IOException if they cannot be written; then none is appended
     */
    public void append(MemorySegment converted, ByteBuffer rows) throws IOException {
        int count = rows.remaining() / FrameRow.BYTES;
        form.write(cube, converted, cubeEnd());
        try {
            CubeForm.write(times, rows, tableEnd());
        } catch (IOException e) {
            times.truncate(tableEnd()); // a part of the rows would count as frames after a crash
            throw e;
        }
        frames += count;
    }

    /** The frames that a chunk had at some moment, and that the disk may not have yet. */
    public static final class Flush {
        private final Path path;
        private final FileChannel cube;
        private final FileChannel times;
        private final long fromFrame;
        private final long frames;

        private Flush(ChunkWriter chunk) {
            path = chunk.path;
            cube = chunk.cube;
            times = chunk.times;
            fromFrame = chunk.flushedFrames;
            frames = chunk.frames;
        }

        /**
         * Forces the frames to the disk, which takes long. Any thread may call it, also while the chunk is written; the
         * chunk must not be closed meanwhile.
         *
         * @throws ForceFailedException if the disk fails
         */
        public void force() {
            try {
                cube.force(false);
                times.force(false);
            } catch (IOException e) {
                throw new ForceFailedException(path, fromFrame, frames, e);
            }
        }
    }

    /**
     * Forces the frames to the disk, then lets the headers describe them. The headers themselves are forced by the next
     * call. After a crash of the machine, what the previous call flushed is readable.
     *
     * @throws ForceFailedException if the disk fails; the chunk remains usable, but its last frames may be damaged
     * @throws IOException if something else fails; the chunk remains usable
     */
    public void flush() throws IOException {
        Optional<Flush> begun = beginFlush();
        if (begun.isPresent()) {
            begun.get().force();
            endFlush(begun.get());
        }
    }

    /**
     * The first step of {@link #flush}, so that another thread can do the second, {@link Flush#force}, while this one
     * appends further frames.
     *
     * @return empty if the headers describe all frames already
     * @throws IOException if the last block of a file cannot be filled
     */
    public Optional<Flush> beginFlush() throws IOException {
        if (frames == flushedFrames) {
            return Optional.empty();
        }
        form.pad(cube, cubeEnd());
        FitsForm.padBlock(times, tableEnd());
        return Optional.of(new Flush(this));
    }

    /**
     * The last step of {@link #flush}: the headers describe frames that were forced to the disk.
     *
     * @throws IOException if they cannot be written
     */
    public void endFlush(Flush forced) throws IOException {
        if (forced.frames > flushedFrames) {
            form.describe(cube, forced.frames);
            FitsForm.describeTable(times, tableAt, forced.frames);
            flushedFrames = forced.frames;
        }
    }

    /**
     * Puts the table to its final place and removes its own file. A chunk without frames is removed. If this fails, the
     * chunk remains readable, and repair completes it.
     *
     * @param lost frames that are missing in the chunk
     * @param lostAtEnd frames that are missing after its last one
     * @throws ForceFailedException if the disk fails; the call can be repeated, but the last frames may be damaged
     * @throws IOException if the disk is full, for example; the call can be repeated
     */
    public void finish(long lost, long lostAtEnd) throws IOException {
        if (frames == 0) {
            long ignored = ChunkDirectory.remove(path);
            return;
        }
        flush();
        form.complete(
                cube,
                new CubeForm.End(
                        cubeAt, times, tableAt, TableHeader.ofChunk(), frames, lost, OptionalLong.of(lostAtEnd)));
        Files.deleteIfExists(timesPath);
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
