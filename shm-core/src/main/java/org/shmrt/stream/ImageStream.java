package org.shmrt.stream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.BusyException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedRegion;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.BackingFile;
import org.shmrt.stream.engine.NamedSemaphores;
import org.shmrt.stream.engine.ProcessTraces;
import org.shmrt.stream.engine.SemaphoreSet;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.KeywordTable;

/**
 * An image in shared memory with counters and semaphores, of any format ShmRT knows. Creating initialises;
 * opening only maps and checks. Safe for any thread; its {@link FrameWriter} and {@link FrameReader}s are each
 * for one thread at a time.
 *
 * <pre>{@code
 * try (ImageStream cam = ImageStream.create(Path.of("/tmp/cam.im.shm"),
 *              StreamSpec.dao(DataType.UINT16, Shape.of(480, 640)));
 *      FrameWriter out = cam.writer()) {
 *     out.write(frame);
 * }
 * }</pre>
 *
 * <p>Creation builds the whole file under no name, reserves its memory, and only then gives it its name, so
 * nobody ever sees a half-made stream, and one that cannot be completed leaves nothing behind. (Named semaphores
 * are made before the file gets its name: a maker that is killed right then leaves those, for the next one to use.)
 */
public final class ImageStream implements AutoCloseable {
    /** A write flag that is up for longer than this, with no live writer known, counts as left by a dead one. */
    private static final long STALE_AFTER_NS = 500_000_000L;

    private static final int MAX_PATH_CHARS = 255;

    private final Path path;
    private final Access access;
    private final StreamLayout layout;
    private final Arena arena;
    private final MappedRegion region;
    private final SemaphoreSet semaphores;
    private final BackingFile ground;
    private final List<AutoCloseable> users = new CopyOnWriteArrayList<>();
    private FrameWriter writer;
    private volatile boolean closing;

    ImageStream(
            Path path, Access access, StreamLayout layout, Arena arena, MappedRegion region, SemaphoreSet semaphores) {
        this.path = path;
        this.access = access;
        this.layout = layout;
        this.arena = arena;
        this.region = region;
        this.semaphores = semaphores;
        this.ground = new BackingFile(path, layout, region);
    }

    /**
     * Creates a stream and opens it for writing.
     *
     * @param path its file, at most 255 characters as an absolute path
     * @param spec what it shall be
     * @return the open stream
     * @throws AlreadyExistsException if something of that path exists and the specification does not replace it
     * @throws org.shmrt.error.NoSpaceException if its memory cannot be reserved; nothing is left behind
     * @throws org.shmrt.error.NotFoundException if the directory does not exist
     * @throws AccessDeniedException if the directory or a semaphore may not be written
     * @throws IllegalArgumentException if the format cannot represent the specification
     */
    public static ImageStream create(Path path, StreamSpec spec) {
        checkPath(path);
        return StreamCreation.create(path, spec, spec.firstFrame() == null ? null : StreamCreation.firstFrame(spec));
    }

    /**
     * Opens a stream for reading and writing.
     *
     * @param path its file, or a link to it
     * @return the open stream
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws AccessDeniedException if the file or a semaphore may not be read and written
     * @throws IncompatibleException if the file is no sound stream, saying what is wrong with it
     */
    public static ImageStream open(Path path) {
        return open(path, Access.READ_WRITE);
    }

    /**
     * Opens a stream.
     *
     * @param path its file, or a link to it
     * @param access what will be done with it
     * @return the open stream
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws AccessDeniedException if the access is not permitted
     * @throws IncompatibleException if the file is no sound stream, saying what is wrong with it
     */
    public static ImageStream open(Path path, Access access) {
        checkPath(path);
        Path target = FileId.resolveLinks(path);
        Arena arena = Arena.ofShared();
        try {
            MappedRegion region = access == Access.READ_ONLY
                    ? MappedRegion.readOnly(target, arena)
                    : MappedRegion.readWrite(target, arena);
            StreamLayout layout = StreamFormats.recognise(target, region.segment());
            if (layout.readRefusal() != null) {
                throw new IncompatibleException(path + " cannot be opened: " + layout.readRefusal());
            }
            SemaphoreSet semaphores = null;
            if (access == Access.READ_WRITE) {
                if (layout.writeRefusal() != null) {
                    throw new IncompatibleException(path + " can only be opened read-only: " + layout.writeRefusal());
                }
                semaphores = SemaphoreSet.of(layout, region, StreamSpec.FORMAT_PERMISSIONS, false, arena);
            }
            return new ImageStream(path, access, layout, arena, region, semaphores);
        } catch (InternalError e) {
            Arenas.close(arena);
            throw new IncompatibleException(path + " was cut off by another process while it was opened", e);
        } catch (RuntimeException e) {
            Arenas.close(arena);
            throw e;
        }
    }

    public static void checkPath(Path path) {
        Objects.requireNonNull(path, "path");
        int length = path.toAbsolutePath().toString().length();
        if (length > MAX_PATH_CHARS) {
            throw new IllegalArgumentException(
                    "the path of a stream has at most " + MAX_PATH_CHARS + " characters, not " + length + ": " + path);
        }
    }

    /**
     * Starts writing. Only one ShmRT writer may write a stream at a time, in any process.
     *
     * @return the writer
     * @throws BusyException if another writer is at it, naming its process
     */
    public FrameWriter writer() {
        return writer(false);
    }

    /**
     * Starts writing.
     *
     * @param shared whether to write although another writer is at it; the two must take turns by themselves
     * @return the writer
     * @throws BusyException if another writer is at it and {@code shared} is false
     * @throws AccessDeniedException if the stream was opened read-only
     */
    public synchronized FrameWriter writer(boolean shared) {
        checkOpen();
        if (access == Access.READ_ONLY) {
            throw new AccessDeniedException(path + " was opened read-only: open it with Access.READ_WRITE to write");
        }
        if (writer != null && !shared) {
            throw new BusyException(path + " has a writer in this program already: close it first");
        }
        FileLock lock = FileLock.tryExclusive(path);
        if (lock == null && !shared) {
            throw new BusyException(path + " is being written by " + FileLock.ownerText(path)
                    + ": stop that writer first, or share the stream with it (--share)");
        }
        boolean same = lock == null ? FileId.of(path).isSameFile(region.id()) : lock.isOn(region.id());
        if (!same) {
            if (lock != null) {
                lock.close();
            }
            throw new IncompatibleException(path + " was created anew since it was opened: open it again");
        }
        if (lock != null) {
            claimSemaphores(lock);
        }
        FrameWriter made = new FrameWriter(this, region.segment(), semaphores, lock);
        writer = made;
        users.add(made);
        return made;
    }

    private void claimSemaphores(FileLock lock) {
        try {
            semaphores.claim();
            Faults.settle();
        } catch (InternalError e) {
            lock.close();
            throw cutOff(e);
        }
    }

    /**
     * Starts reading, from the frame after the newest.
     *
     * @param wait how to wait for frames
     * @return the reader
     * @throws AccessDeniedException if it shall sleep on a semaphore and the stream was opened read-only
     * @throws IllegalArgumentException if the stream has no semaphore of that index
     */
    public FrameReader reader(WaitStrategy wait) {
        checkOpen();
        FrameReader made = new FrameReader(this, wait);
        users.add(made);
        return made;
    }

    /** Takes a semaphore for a reader that sleeps; null for one that does not. */
    SemaphoreSet.Reserved reserve(WaitStrategy wait) {
        if (!wait.sleepsOnSemaphore()) {
            return null;
        }
        if (semaphores == null) {
            throw new AccessDeniedException(path + " was opened read-only, and sleeping on a semaphore changes "
                    + "it: wait by spin or an idle strategy, or open with Access.READ_WRITE");
        }
        return semaphores.reserve(wait.semaphoreIndex());
    }

    Semaphore semaphore(int index) {
        return semaphores.get(index);
    }

    /** The slot headers, as a writer or a reader sees them. */
    public SlotHeaders headers(MemorySegment file) {
        return new SlotHeaders(file, layout, ground.createdWord());
    }

    public MemorySegment segment() {
        return region.segment();
    }

    /**
     * Removes a stream: its file and its semaphores. Programs that have it open keep it until they close it. Of a
     * link only the link is removed. Semaphores are named after the file without its directory, so a DAO stream of
     * the same name in another directory loses them too; opening that one for writing makes them anew.
     *
     * @param path its file
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws AccessDeniedException if it may not be removed
     * @throws IncompatibleException if it is no stream
     */
    public static void remove(Path path) {
        if (Files.isSymbolicLink(path)) {
            FileId.delete(path);
            return;
        }
        StreamLayout layout = StreamInfo.of(path).layout();
        FileId.delete(path);
        NamedSemaphores.unlink(layout.semaphores());
        NamedSemaphores.unlink(StreamFormats.named(layout.format()).surplusSemaphores(path, layout));
    }

    /**
     * The path the stream was created or opened by.
     *
     * @return the path as given
     */
    public Path path() {
        return path;
    }

    /**
     * How the stream was opened.
     *
     * @return the access
     */
    public Access access() {
        return access;
    }

    /**
     * Everything that does not change while the stream lives.
     *
     * @return its layout
     */
    public StreamLayout layout() {
        return layout;
    }

    /**
     * Type of the elements.
     *
     * @return the type
     */
    public DataType type() {
        return layout.type();
    }

    /**
     * Shape as numpy users of the format see it.
     *
     * @return rows first
     */
    public Shape shape() {
        return layout.shape();
    }

    /**
     * The keywords in use, in the table's order. Other programs may be changing them.
     *
     * @return a copy
     */
    public List<Keyword> keywords() {
        checkOpen();
        try {
            List<Keyword> keywords = KeywordTable.read(region.segment(), layout.keywords());
            Faults.settle();
            return keywords;
        } catch (InternalError e) {
            throw cutOff(e);
        }
    }

    /**
     * The keywords, to look up, set and remove.
     *
     * @return their table
     */
    public KeywordTable keywordTable() {
        return new KeywordTable(this, region.segment());
    }

    /**
     * What the header says at this moment.
     *
     * @return a snapshot
     */
    public StreamStatus status() {
        checkOpen();
        try {
            StreamStatus status = StreamStatus.of(region.segment(), layout);
            Faults.settle();
            return status;
        } catch (InternalError e) {
            throw cutOff(e);
        }
    }

    /**
     * The newest frames the stream still holds, to be read as one array.
     *
     * @return its history
     */
    public FrameHistory history() {
        checkOpen();
        return new FrameHistory(this);
    }

    /**
     * Which processes led to the newest frame, beginning with its writer. Only milk streams tell.
     *
     * @return the records in use, empty if there are none
     */
    public List<ProcessTrace> traces() {
        checkOpen();
        try {
            List<ProcessTrace> traces = ProcessTraces.read(region.segment(), layout.traces());
            Faults.settle();
            return traces;
        } catch (InternalError e) {
            throw cutOff(e);
        }
    }

    /** What a look at the memory tells. */
    public <T> T look(Function<MemorySegment, T> look) {
        checkOpen();
        try {
            T found = look.apply(region.segment());
            Faults.settle();
            return found;
        } catch (InternalError e) {
            throw cutOff(e);
        }
    }

    /** Number of the stream's file. */
    public long inode() {
        return region.id().inode();
    }

    public IncompatibleException cutOff(InternalError e) {
        return new IncompatibleException(path + " was cut off by another process: open it again", e);
    }

    /**
     * What a user should know before other programs try to open this stream.
     *
     * @return one sentence, or null
     */
    public String creationWarning() {
        return StreamFormats.named(layout.format()).creationWarning(path, layout);
    }

    /**
     * Whether {@link #close()} has not been called.
     *
     * @return false once closing has begun
     */
    public boolean isOpen() {
        return !closing;
    }

    /** Refuses what is not exactly one frame. */
    void checkFrameSize(MemorySegment frame) {
        if (frame.byteSize() != layout.frameBytes()) {
            throw new IllegalArgumentException("a frame of " + path + " (" + layout.shape() + " " + layout.type()
                    + ") has " + layout.frameBytes() + " bytes, not " + frame.byteSize());
        }
    }

    public long staleAfterNs() {
        return STALE_AFTER_NS;
    }

    public boolean hasLiveWriter() {
        return ground.hasLiveWriter();
    }

    /** After an access fault: what has happened to the file. */
    Verdict groundVerdict() {
        Verdict verdict = ground.verdictOrNull();
        return verdict == null ? Verdict.RECREATED : verdict;
    }

    /** Whether the file of that name is another one by now, or of another size; null if it is as it was. */
    public Verdict groundVerdictOrNull() {
        return ground.verdictOrNull();
    }

    /** Has the ground looked at from time to time without allocating, and without the first look taking long. */
    void watchGround() {
        ground.watch();
    }

    synchronized void forget(AutoCloseable user) {
        users.remove(user);
        if (writer == user) {
            writer = null;
        }
    }

    private void checkOpen() {
        if (closing) {
            throw new ClosedException("the stream " + path + " is closed");
        }
    }

    /**
     * Closes the stream, its writer and its readers. Waits of other threads end within 50 ms. The stream itself
     * stays for other processes. Closing twice is harmless.
     */
    @Override
    public void close() {
        List<AutoCloseable> open;
        synchronized (this) {
            if (closing) {
                return;
            }
            open = new ArrayList<>(users);
            // Writers give a claimed frame back while the memory is still there.
            for (AutoCloseable user : open) {
                closeQuietly(user);
            }
            closing = true;
        }
        if (semaphores != null) {
            semaphores.retire();
        }
        Arenas.close(arena);
    }

    private static void closeQuietly(AutoCloseable user) {
        try {
            user.close();
        } catch (ShmException e) {
            // the memory went away first; there is nothing left to give back
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
