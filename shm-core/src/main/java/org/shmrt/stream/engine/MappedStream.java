package org.shmrt.stream.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Function;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.IoErrors;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.MappedMemory;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.text.FileNames;

/**
 * One stream mapped into this process: its memory, its layout, its semaphores and its file. Everything in the engine
 * works on one of these; the public classes hold one and add their API. Safe for any thread.
 */
public final class MappedStream {
    /** A write flag that has been set for longer than this, with no live writer known, was left by a dead writer. */
    private static final long STALE_AFTER_NS = 500_000_000L;

    private final Path path;
    private final StreamLayout layout;
    private final Arena arena;
    private final MappedFile region;
    private final SemaphoreSet semaphores;
    private final BackingFile backing;
    private volatile boolean closed;

    public MappedStream(Path path, StreamLayout layout, Arena arena, MappedFile region, SemaphoreSet semaphores) {
        this.path = path;
        this.layout = layout;
        this.arena = arena;
        this.region = region;
        this.semaphores = semaphores;
        this.backing = new BackingFile(path, layout, region);
    }

    /** Maps a stream for reading: changes nothing and needs read permission only. */
    public static MappedStream openReadOnly(Path path) {
        return open(path, false);
    }

    /** Maps a stream for reading and writing, with its semaphores. */
    public static MappedStream openReadWrite(Path path) {
        return open(path, true);
    }

    private static MappedStream open(Path path, boolean writable) {
        Path target = FileId.resolveLinks(path);
        Arena arena = Arena.ofShared();
        try {
            MappedFile region = writable ? MappedFile.readWrite(target, arena) : MappedFile.readOnly(target, arena);
            StreamLayout layout = StreamFormats.detect(target, region.segment());
            if (layout.unreadableReason() != null) {
                throw new IncompatibleException(
                        FileNames.text(path) + " cannot be opened: " + layout.unreadableReason());
            }
            if (writable && layout.readOnlyReason() != null) {
                throw new IncompatibleException(
                        FileNames.text(path) + " can only be opened read-only: " + layout.readOnlyReason());
            }
            SemaphoreSet semaphores = writable ? SemaphoreSet.open(target, layout, region, arena) : null;
            MappedStream mapped = new MappedStream(path, layout, arena, region, semaphores);
            Faults.poll();
            return mapped;
        } catch (InternalError e) {
            Arenas.close(arena);
            throw new IncompatibleException(
                    FileNames.text(path) + " was truncated by another process while it was opened", e);
        } catch (RuntimeException | Error e) {
            Arenas.close(arena);
            throw e;
        }
    }

    /** The path by which the stream was created or opened. */
    public Path path() {
        return path;
    }

    public StreamLayout layout() {
        return layout;
    }

    /** The whole file. */
    public MemorySegment segment() {
        return region.segment();
    }

    /** Makes all pages present. Returns false if the kernel cannot do this. */
    public boolean prefault() {
        return isWritable() ? MappedMemory.prefault(segment()) : MappedMemory.prefaultForReading(segment());
    }

    /** Which file is mapped. */
    public FileId fileId() {
        return region.id();
    }

    public boolean isWritable() {
        return semaphores != null;
    }

    /** The semaphores; null for a stream mapped read-only. */
    public SemaphoreSet semaphores() {
        return semaphores;
    }

    /** The slot headers, accessed through the given segment of the file, which is read-only for readers. */
    public SlotHeaders headers(MemorySegment file) {
        return new SlotHeaders(file, layout, backing.createdWord());
    }

    /** What the stream's path leads to now. Allocates nothing once {@link #prepareStateChecks} was called. */
    public FileState fileState() {
        return backing.state();
    }

    /** Prepares {@link #fileState}, so that the first check takes no longer than the others. */
    public void prepareStateChecks() {
        backing.watch();
    }

    /** Whether a process that may write this stream is known to be alive. */
    public boolean hasLiveWriter() {
        return backing.hasLiveWriter();
    }

    /** How long a write flag may be set, with no live writer known, before the writer counts as dead. */
    public long staleAfterNs() {
        return STALE_AFTER_NS;
    }

    /** Rejects memory that is not the size of one frame. */
    public void checkFrameSize(MemorySegment frame) {
        if (frame.byteSize() != layout.frameBytes()) {
            throw new IllegalArgumentException("a frame of " + FileNames.text(path) + " (" + layout.shape() + " "
                    + layout.type() + ") has " + layout.frameBytes() + " bytes, not " + frame.byteSize());
        }
    }

    /**
     * Reads from the memory of the stream.
     *
     * @throws ClosedException if the stream is closed, before or during the call
     * @throws IncompatibleException if the file was truncated
     */
    public <T> T read(Function<MemorySegment, T> reading) {
        checkOpen();
        try {
            T result = reading.apply(segment());
            Faults.poll();
            return result;
        } catch (InternalError e) {
            throw truncated(e);
        } catch (IllegalStateException e) {
            // The stream was closed during the call, and its memory can no longer be accessed.
            throw closed ? closedException() : e;
        }
    }

    /** The exception for an access fault, see {@link #fault}. */
    public ShmException truncated(InternalError e) {
        return fault(e, "used");
    }

    /**
     * The exception for an access fault: the file was truncated, or it is unchanged but sparse and its file system has
     * no space for the page.
     *
     * @param doing the failed use of the stream, for example {@code written}
     */
    public ShmException fault(InternalError e, String doing) {
        if (fileState() == FileState.SAME && IoErrors.isFull(path)) {
            return IoErrors.noSpace(path, layout.fileBytes(), e);
        }
        return new IncompatibleException(
                FileNames.text(path) + " was truncated by another process while it was " + doing + ": open it again",
                e);
    }

    /**
     * Posts all semaphores again after a failure, if that was an access fault in the file of a named semaphore, which
     * could be replaced. The frame is published already.
     *
     * @return whether they were posted
     */
    public boolean postAfterFault(Throwable failure) {
        try {
            if (!(failure instanceof InternalError) || fileState() != FileState.SAME || !semaphores.renewTruncated()) {
                return false;
            }
            semaphores.postAllExactly();
            return true;
        } catch (InternalError | IllegalStateException e) {
            return false;
        }
    }

    public boolean isOpen() {
        return !closed;
    }

    public void checkOpen() {
        if (closed) {
            throw closedException();
        }
    }

    private ClosedException closedException() {
        return new ClosedException("the stream " + FileNames.text(path) + " is closed");
    }

    /** Marks the stream as closed: waits end and calls fail. The memory remains mapped. */
    public void beginClose() {
        closed = true;
    }

    /** Unmaps the memory. Closing twice is harmless. */
    public void close() {
        closed = true;
        if (semaphores != null) {
            semaphores.retire();
        }
        Arenas.close(arena);
    }
}
