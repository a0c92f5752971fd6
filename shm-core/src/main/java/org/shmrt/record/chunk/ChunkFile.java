package org.shmrt.record.chunk;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.fits.header.FitsBlock;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/**
 * An open chunk: random access to its frames and rows, in whatever state it is. The number of frames is that at the
 * opening. For one thread at a time.
 */
public abstract class ChunkFile extends FrameFile {
    private static final Pattern FRAMES_CARD = Pattern.compile("NAXIS([0-9]{1,3}) *= *([0-9]{1,18}) *(/|$)");

    /** States of a chunk. */
    public enum State {
        /** Its recorder finished it. */
        COMPLETE,
        /** A recorder appends to it. */
        RECORDING,
        /** Its recorder was killed. */
        INTERRUPTED
    }

    /** Who may have locked the table of a chunk. */
    enum Locked {
        /** A recorder, if anyone. */
        BY_RECORDER,
        /** The caller, who repairs the chunk. */
        BY_CALLER
    }

    /** The table of a chunk, and the number of its frames. */
    record Found(FrameTable table, long frames, State state) {}

    private final Found found;

    ChunkFile(Path path, Found found) {
        super(path);
        this.found = found;
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

    /**
     * The number of frames of a complete chunk with plain pixels, from its header: much faster than opening it.
     *
     * @param rank axes of a frame
     * @return empty if the file has to be opened
     */
    public static OptionalLong completeFrames(Path path, int rank) {
        if (!ChunkName.isPlain(path) || !Files.isRegularFile(path) || Files.exists(ChunkName.timesOf(path))) {
            return OptionalLong.empty();
        }
        String card;
        try (InputStream file = FileOpening.plainStream(path)) {
            file.skipNBytes((long) ChunkSpec.framesCard(rank) * FitsBlock.CARD_BYTES);
            card = new String(file.readNBytes(FitsBlock.CARD_BYTES), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return OptionalLong.empty(); // opening it reports the reason
        }
        Matcher matcher = FRAMES_CARD.matcher(card);
        return matcher.lookingAt() && Integer.parseInt(matcher.group(1)) == rank + 1
                ? OptionalLong.of(Long.parseLong(matcher.group(2)))
                : OptionalLong.empty();
    }

    /** Opens a chunk whose table the caller has locked. */
    static ChunkFile openLocked(Path path) {
        return open(path, Locked.BY_CALLER);
    }

    private static ChunkFile open(Path path, Locked locked) {
        return path.toString().endsWith(ChunkName.NPY) ? NpyCube.open(path, locked) : FitsCube.open(path, locked);
    }

    /**
     * The table beside a chunk that was not finished; empty if there is none.
     *
     * @param inHeader frames according to the header of the cube
     * @param inFile whole frames in the file of the cube
     */
    static Optional<Found> unfinished(Path path, Locked locked, long inHeader, long inFile) {
        Path timesPath = ChunkName.timesOf(path);
        if (!Files.exists(timesPath)) {
            return Optional.empty();
        }
        boolean recording = locked == Locked.BY_RECORDER && FileLock.isHeld(timesPath, FileId.of(timesPath));
        FrameTable table = FrameTable.ofRecorder(timesPath);
        long frames = recording ? Math.min(inHeader, table.rows()) : table.recoverable(inHeader, inFile);
        return Optional.of(new Found(table, frames, recording ? State.RECORDING : State.INTERRUPTED));
    }

    public final State state() {
        return found.state;
    }

    @Override
    public final long frames() {
        return found.frames;
    }

    /** Position of the first frame in the file. */
    abstract long cubeAt();

    /** Position of the table in its file, while it is beside the cube. */
    final long tableHeaderAt() {
        return found.table.headerAt();
    }

    /** Columns of the table. */
    final TableHeader columns() {
        return found.table.columns();
    }

    @Override
    public final FrameRow[] rows(long first, int count) {
        return found.table.read(first, count);
    }

    /** Maps a part of the file. */
    final MemorySegment mapBytes(long offset, long bytes, Arena arena) {
        try (FileChannel channel = FileOpening.channel(path())) {
            if (channel.size() < offset + bytes) {
                throw new IncompatibleException(
                        "cannot map " + FileNames.text(path()) + ": it is truncated; copy it again");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, bytes, arena);
        } catch (IOException e) {
            throw IoErrors.reading(path(), e);
        }
    }

    @Override
    public void close() {
        found.table.source().close();
    }
}
