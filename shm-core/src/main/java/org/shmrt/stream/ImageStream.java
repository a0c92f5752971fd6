package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.BusyException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.engine.EngineAccess;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.NamesakeStreams;
import org.shmrt.stream.engine.ProcessTraces;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.stream.engine.StreamCreation;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.engine.WriterLock;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.NetworkReplica;
import org.shmrt.stream.inspect.PacketStatus;
import org.shmrt.stream.inspect.StreamRemoval;
import org.shmrt.stream.inspect.StreamRemovals;
import org.shmrt.stream.inspect.StreamStatus;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.KeywordTable;
import org.shmrt.stream.keyword.table.SharedKeywordTable;
import org.shmrt.text.FileNames;

/**
 * An image in shared memory with counters and semaphores, in any format that ShmRT supports. Creation initialises the
 * file; opening only maps and checks it. Safe for any thread; its {@link FrameWriter} and each of its
 * {@link FrameReader}s are for one thread at a time.
 *
 * <pre>{@code
 * try (ImageStream cam = ImageStream.create(Path.of("/tmp/cam.im.shm"),
 *              StreamSpec.dao(DataType.UINT16, Shape.of(480, 640)));
 *      FrameWriter out = cam.writer()) {
 *     out.write(frame);
 * }
 * }</pre>
 *
 * <p>Creation builds the whole file without a name, reserves its memory, and links the name last. No process sees an
 * incomplete stream, and a failed creation leaves no file behind. (Named semaphores are created before the file gets
 * its name: a creator that is killed at that moment leaves them, and the next one uses them.)
 */
public final class ImageStream implements AutoCloseable {
    private static final int MAX_PATH_CHARS = 255;

    static {
        EngineAccess.register(stream -> ((ImageStream) stream).mapped);
    }

    private final MappedStream mapped;
    private final Access access;
    private final List<AutoCloseable> users = new CopyOnWriteArrayList<>();
    private FrameWriter writer;

    ImageStream(MappedStream mapped, Access access) {
        this.mapped = mapped;
        this.access = access;
    }

    /**
     * Creates a stream and opens it for writing.
     *
     * @param path its file, at most 255 characters as an absolute path
     * @param spec the specification of the stream
     * @return the open stream
     * @throws AlreadyExistsException if the path exists and the specification does not replace it
     * @throws org.shmrt.error.NoSpaceException if its memory cannot be reserved; no file remains
     * @throws org.shmrt.error.NotFoundException if the directory does not exist
     * @throws AccessDeniedException if the directory or a semaphore may not be written
     * @throws IllegalArgumentException if the format cannot represent the specification
     */
    public static ImageStream create(Path path, StreamSpec spec) {
        checkPath(path);
        return new ImageStream(
                StreamCreation.create(path, spec, unnamed -> writeFirstFrame(unnamed, spec)), Access.READ_WRITE);
    }

    /** Writes the first frame of a specification, if it has one, without posting the semaphores. */
    private static boolean writeFirstFrame(MappedStream unnamed, StreamSpec spec) {
        MemorySegment frame = spec.firstFrame();
        if (frame == null) {
            return false;
        }
        FrameWriter first = new FrameWriter(new ImageStream(unnamed, Access.READ_WRITE), WriterLock.unnamed());
        try {
            GuardedCopy.copy(frame, 0, first.claim(), 0, frame.byteSize());
            Faults.poll();
        } catch (InternalError e) {
            throw new IncompatibleException(
                    "cannot create " + FileNames.text(unnamed.path())
                            + ": another process truncated the memory of its first frame",
                    e);
        }
        long nowNs = unnamed.layout().clock().nowNs();
        first.commit(nowNs, nowNs);
        return true;
    }

    /**
     * Opens a stream for reading and writing.
     *
     * @param path its file, or a link to it
     * @return the open stream
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws AccessDeniedException if the file or a semaphore may not be read and written
     * @throws IncompatibleException if the file is not a valid stream; the message gives the reason
     */
    public static ImageStream open(Path path) {
        return open(path, Access.READ_WRITE);
    }

    /**
     * Opens a stream.
     *
     * @param path its file, or a link to it
     * @param access whether to open it for reading only
     * @return the open stream
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws AccessDeniedException if the access is not permitted
     * @throws IncompatibleException if the file is not a valid stream; the message gives the reason
     */
    public static ImageStream open(Path path, Access access) {
        checkPath(path);
        return new ImageStream(
                access == Access.READ_ONLY ? MappedStream.openReadOnly(path) : MappedStream.openReadWrite(path),
                access);
    }

    static void checkPath(Path path) {
        Objects.requireNonNull(path, "path");
        int length = path.toAbsolutePath().toString().length();
        if (length > MAX_PATH_CHARS) {
            throw new IllegalArgumentException("the path of a stream has at most " + MAX_PATH_CHARS
                    + " characters, not " + length + ": " + FileNames.text(path));
        }
    }

    /**
     * Starts writing. Only one ShmRT writer may write a stream at a time, in any process.
     *
     * @return the writer
     * @throws BusyException if there is another writer; the message names its process
     * @throws AccessDeniedException if the stream was opened read-only
     * @throws IncompatibleException if the stream was re-created since it was opened, or is a replica of a stream on
     *     another machine, see {@link #writerToOwner()}
     */
    public synchronized FrameWriter writer() {
        mapped.checkOpen();
        refuseReplica();
        if (writer != null) {
            throw new BusyException(FileNames.text(path()) + " already has a writer in this program: close it first");
        }
        return addWriter(WriterLock.exclusive(mapped));
    }

    /**
     * Starts writing even if there is another writer. The programs must ensure that the two never write at the same
     * time.
     *
     * @return the writer
     * @throws AccessDeniedException if the stream was opened read-only
     * @throws IncompatibleException if the stream was re-created since it was opened, or is a replica of a stream on
     *     another machine, see {@link #writerToOwner()}
     */
    public synchronized FrameWriter sharedWriter() {
        mapped.checkOpen();
        refuseReplica();
        return addWriter(WriterLock.shared(mapped));
    }

    /**
     * Starts writing, also if the stream is a replica of a stream on another machine. DAO's network service, and
     * {@code shm relay get --write-back}, send each frame written here to the owner of the stream, which publishes it to
     * all machines. The program that keeps the replica writes it too, so two frames can meet in it; any other stream is
     * written as with {@link #sharedWriter()}.
     *
     * @return the writer
     * @throws AccessDeniedException if the stream was opened read-only
     * @throws BusyException if {@code shm relay get} keeps the replica without {@code --write-back}
     * @throws IncompatibleException if the stream was re-created since it was opened
     */
    public synchronized FrameWriter writerToOwner() {
        mapped.checkOpen();
        return addWriter(WriterLock.toOwner(mapped));
    }

    private void refuseReplica() {
        mapped.read(file -> NetworkReplica.read(file, layout())).ifPresent(replica -> {
            throw new IncompatibleException(
                    "cannot write " + FileNames.text(path()) + ": it is a replica of a stream on " + replica.owner()
                            + ", and the network service that keeps it would send each frame to that machine, or"
                            + " overwrite it; to write it all the same, ask for it (--to-owner, or writerToOwner())");
        });
    }

    private FrameWriter addWriter(WriterLock lock) {
        try {
            FrameWriter added = new FrameWriter(this, lock);
            users.add(added);
            writer = added;
            return added;
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Starts reading, from the frame after the newest.
     *
     * @param wait how to wait for frames
     * @return the reader
     * @throws AccessDeniedException if the reader would sleep on a semaphore and the stream was opened read-only
     * @throws BusyException if the reader would sleep on any semaphore, and other readers have claimed all of a stream
     *     whose programs rely on their claims (DAO's layout version 2)
     * @throws IllegalArgumentException if the stream has no semaphore of that index
     */
    public FrameReader reader(WaitStrategy wait) {
        mapped.checkOpen();
        FrameReader added = new FrameReader(this, wait);
        users.add(added);
        return added;
    }

    /**
     * Removes a stream: its file and its semaphores. Programs that have it open keep it until they close it. Of a
     * link only the link is removed. Semaphores are named after the file without its directory: if a DAO stream of
     * the same name is found elsewhere, in a directory for streams or mapped by a process that this user may examine,
     * the semaphores remain, because that stream needs them. {@link StreamRemoval#plan} says beforehand what is removed.
     * Looking for such a stream takes some milliseconds; {@link StreamRemovals} looks once for many streams.
     *
     * @param path its file
     * @return a warning that the semaphores remain, and why; else empty
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws AccessDeniedException if it may not be removed
     * @throws IncompatibleException if it is not a stream
     */
    public static Optional<String> remove(Path path) {
        return StreamRemovals.of(List.of(path)).remove(path);
    }

    /**
     * The path by which the stream was created or opened.
     *
     * @return the path as given
     */
    public Path path() {
        return mapped.path();
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
     * The properties that do not change while the stream exists.
     *
     * @return its layout
     */
    public StreamLayout layout() {
        return mapped.layout();
    }

    /**
     * Type of the elements.
     *
     * @return the type
     */
    public DataType type() {
        return layout().type();
    }

    /**
     * Shape as numpy users of the format see it.
     *
     * @return the shape, the slowest axis first
     */
    public Shape shape() {
        return layout().shape();
    }

    /**
     * The keywords in use, in the table's order. Other programs may be changing them.
     *
     * @return a copy
     * @throws IncompatibleException if another process truncated the file
     */
    public List<Keyword> keywords() {
        return keywordTable().list();
    }

    /**
     * The keyword table, to look up, set and remove keywords.
     *
     * @return the table, usable while the stream is open
     */
    public KeywordTable keywordTable() {
        return new SharedKeywordTable(mapped);
    }

    /**
     * Reads the header.
     *
     * @return a snapshot
     * @throws IncompatibleException if another process truncated the file
     */
    public StreamStatus status() {
        return mapped.read(file -> StreamStatus.of(file, layout()));
    }

    /**
     * Gives access to the newest frames that the stream still holds, to be read as one array.
     *
     * @return the history
     */
    public FrameHistory history() {
        mapped.checkOpen();
        return new FrameHistory(mapped);
    }

    /**
     * The processes that led to the newest frame, starting with its writer. Only some formats record them.
     *
     * @return the records in use, empty if there are none
     * @throws IncompatibleException if another process truncated the file
     */
    public List<ProcessTrace> traces() {
        return mapped.read(file -> ProcessTraces.read(file, layout().traces()));
    }

    /**
     * The packets in which the newest frame was written.
     *
     * @return the record in its header; empty if it was not written in packets
     * @throws IncompatibleException if another process truncated the file
     */
    public Optional<PacketStatus> newestPackets() {
        return mapped.read(
                file -> PacketStatus.of(file, layout(), mapped.headers(file).newestSlotAcquire()));
    }

    /**
     * The packets that have arrived of the frame that is being written or will be written next. It is in the slot after
     * the newest; at depth 1 in the newest itself.
     *
     * @return the record in its header; empty if the slot was never written in packets
     * @throws IncompatibleException if another process truncated the file
     */
    public Optional<PacketStatus> packetsInProgress() {
        return mapped.read(file -> {
            SlotHeaders headers = mapped.headers(file);
            return PacketStatus.of(file, layout(), headers.after(headers.newestSlotAcquire()));
        });
    }

    /**
     * A warning for a new stream that programs of its format cannot open or use without restrictions.
     *
     * @return one sentence, or empty if there are no restrictions
     */
    public Optional<String> creationWarning() {
        return Stream.of(
                        StreamFormats.named(layout().format()).creationWarning(path(), layout()),
                        NamesakeStreams.otherCount(path(), layout()))
                .flatMap(Optional::stream)
                .reduce((first, second) -> first + "; " + second);
    }

    /**
     * Makes all pages of the stream present in this process, so that no later access causes a page fault. Takes about
     * 0.1 µs for a page that is in memory. A stream whose file has holes takes its full space with write permission.
     *
     * @return false if the kernel (before 5.14) cannot do this
     * @throws ClosedException if the stream is closed
     */
    public boolean prefault() {
        if (!isOpen()) {
            throw new ClosedException("the stream " + FileNames.text(path()) + " is closed");
        }
        return mapped.prefault();
    }

    /**
     * Whether {@link #close()} has not been called.
     *
     * @return false once closing has begun
     */
    public boolean isOpen() {
        return mapped.isOpen();
    }

    MappedStream mapped() {
        return mapped;
    }

    /** Closes something with this stream, unless {@link #forget} is called before. */
    void closeToo(AutoCloseable user) {
        users.add(user);
    }

    synchronized void forget(AutoCloseable user) {
        users.remove(user);
        if (writer == user) {
            writer = null;
        }
    }

    /**
     * Closes the stream, its writer and its readers. Waits of other threads end within 50 ms. The stream itself
     * remains for other processes. Closing twice is harmless.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (!mapped.isOpen()) {
                return;
            }
            // Before the memory is unmapped: writers erase their marks.
            for (AutoCloseable user : new ArrayList<>(users)) {
                closeQuietly(user);
            }
            mapped.beginClose();
        }
        mapped.close();
    }

    private static void closeQuietly(AutoCloseable user) {
        try {
            user.close();
        } catch (ShmException e) {
            // The file was truncated or removed before; there is nothing to release.
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
