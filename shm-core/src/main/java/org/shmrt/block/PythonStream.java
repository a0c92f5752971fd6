package org.shmrt.block;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;

/**
 * Reads the frames of the Python packages pyshmem and pyRTC. Takes no lock and changes nothing, so that programs in Python
 * are not disturbed; waiting polls, because these packages have no semaphores. For one thread at a time, except
 * {@link #close()}, which any thread may call.
 *
 * <pre>{@code
 * try (PythonStream in = PythonStream.open("frames")) {
 *     MemorySegment frame = arena.allocate(in.frameBytes());
 *     while (in.readNew(frame, timeoutNs)) {
 *         process(frame, in.shape(), in.count());
 *     }
 * }
 * }</pre>
 *
 * <p>A copy of a frame of pyshmem is whole: its sequence number shows writes during the copy. pyRTC has no such number;
 * ShmRT compares count and time before and after the copy, which a writer changes after the pixels, so a copy during a
 * write can be torn ({@link #detectsTornFrames()}).
 */
public final class PythonStream implements AutoCloseable {
    private static final long POLL_NS = 50_000L;

    private final PythonStreamInfo info;
    private final PythonFormat format;
    private final SharedMemory data;
    private final SharedMemory metadata;
    private final MemorySegment words;
    private final MemorySegment pixels;
    private long news;
    private long count;
    private long writtenNs;

    private PythonStream(PythonMetadata found, PythonStreamInfo info, SharedMemory data, SharedMemory metadata) {
        this.info = info;
        this.format = found.format();
        this.data = data;
        this.metadata = metadata;
        this.words = metadata.buf();
        this.pixels = data.buf();
        this.news = format.news(words);
    }

    /**
     * Opens a stream.
     *
     * @param name the name that Python programs use, or the name of the object with the pixels
     * @return the stream, which continues after the newest frame
     * @throws NotFoundException if there is none
     * @throws IncompatibleException if its metadata are of an unknown version or damaged, or its pixels are on a GPU
     * @throws org.shmrt.error.AccessDeniedException if this user may not read it
     */
    public static PythonStream open(String name) {
        PythonStreamInfo info = PythonStreamInfo.of(name);
        if (info.unreadableReason().isPresent()) {
            throw new IncompatibleException("cannot read the stream " + info.name() + ": "
                    + info.unreadableReason().get());
        }
        SharedMemory data = SharedMemory.attachReadOnly(info.object());
        try {
            SharedMemory metadata = SharedMemory.attachReadOnly(info.object() + PythonStreamInfo.METADATA_SUFFIX);
            try {
                // From what is mapped now: the stream may have been created again since.
                PythonMetadata found = PythonMetadata.parse(info.path(), metadata.buf(), data.size())
                        .orElseThrow(() -> changed(info));
                PythonStreamInfo now = found.info(metadata.buf());
                Faults.poll();
                return new PythonStream(found, now, data, metadata);
            } catch (InternalError e) {
                metadata.close();
                throw metadata.fault(e);
            } catch (RuntimeException | Error e) {
                metadata.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            data.close();
            throw e;
        }
    }

    private static IncompatibleException changed(PythonStreamInfo info) {
        return new IncompatibleException(
                "the stream " + info.name() + " was created again while it was opened: open it again");
    }

    /**
     * What the stream was when it was opened.
     *
     * @return the description
     */
    public PythonStreamInfo info() {
        return info;
    }

    /**
     * Type of the elements.
     *
     * @return the type
     */
    public DataType type() {
        return info.type();
    }

    /**
     * Shape as numpy sees it.
     *
     * @return the shape
     */
    public Shape shape() {
        return info.shape();
    }

    /**
     * Size of a frame.
     *
     * @return bytes
     */
    public long frameBytes() {
        return info.frameBytes();
    }

    /**
     * Whether a copy that a writer disturbed is always detected.
     *
     * @return false for pyRTC
     */
    public boolean detectsTornFrames() {
        return format != PythonFormat.PYRTC;
    }

    /**
     * Copies the newest frame, even if it was read before.
     *
     * @param target memory of the size of one frame
     * @param timeoutNs how long to retry while a writer writes the frame
     * @return false if the frame was being written all the time, or the thread was interrupted
     * @throws IllegalArgumentException if the target has another size
     * @throws IncompatibleException if another process truncated an object of the stream
     * @throws ClosedException after {@link #close()}
     */
    public boolean read(MemorySegment target, long timeoutNs) {
        checkSize(target);
        long startNs = System.nanoTime();
        while (!copy(target)) {
            if (System.nanoTime() - startNs >= timeoutNs
                    || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return true;
    }

    /**
     * Waits for a frame after the one that was read last, and copies the newest. At first it is a frame after the newest
     * one at opening.
     *
     * @param target memory of the size of one frame
     * @param timeoutNs maximum time to wait in total
     * @return false if there was none, or the thread was interrupted
     * @throws IllegalArgumentException if the target has another size
     * @throws IncompatibleException if another process truncated an object of the stream
     * @throws ClosedException after {@link #close()}
     */
    public boolean readNew(MemorySegment target, long timeoutNs) {
        checkSize(target);
        long startNs = System.nanoTime();
        while (currentNews() == news || !copy(target)) {
            if (System.nanoTime() - startNs >= timeoutNs
                    || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return true;
    }

    private void checkSize(MemorySegment target) {
        if (target.byteSize() != frameBytes()) {
            throw new IllegalArgumentException("a frame of the stream " + info.name() + " (" + shape() + " " + type()
                    + ") has " + frameBytes() + " bytes, not " + target.byteSize());
        }
    }

    private long currentNews() {
        try {
            long current = format.news(words);
            Faults.poll();
            return current;
        } catch (InternalError | IllegalStateException e) {
            throw metadata.translate(e);
        }
    }

    private boolean copy(MemorySegment target) {
        try {
            long before = format.state(words);
            long newNews = format.news(words);
            long newCount = format.count(words);
            long newWrittenNs = format.writtenNs(words);
            if (!format.isComplete(before)) {
                Faults.poll();
                return false;
            }
            GuardedCopy.copy(pixels, 0, target, 0, target.byteSize());
            // Orders the loads of the pixels before that of the state.
            VarHandle.acquireFence();
            boolean whole = format.state(words) == before;
            Faults.poll();
            if (whole) {
                news = newNews;
                count = newCount;
                writtenNs = newWrittenNs;
            }
            return whole;
        } catch (InternalError | IllegalStateException e) {
            throw (GuardedCopy.isFaultOf(words, e) ? metadata : data).translate(e);
        }
    }

    /**
     * Number of the frame that was read last, as its writer counts.
     *
     * @return the count, 0 before the first read
     */
    public long count() {
        return count;
    }

    /**
     * When the frame that was read last was written.
     *
     * @return nanoseconds since 1970 (UTC), 0 before the first read
     */
    public long writtenNs() {
        return writtenNs;
    }

    /** Unmaps the objects. Closing again has no effect. */
    @Override
    public void close() {
        data.close();
        metadata.close();
    }
}
