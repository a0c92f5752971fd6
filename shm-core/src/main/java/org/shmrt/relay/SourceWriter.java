package org.shmrt.relay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.engine.EngineAccess;

/**
 * Publishes the frames of one subscriber in its source. It is the writer of the source only while it publishes a frame. A
 * frame that cannot be published is dropped, and the reason is reported once. For one thread, except {@link #close}.
 */
public final class SourceWriter implements AutoCloseable {
    /** Else two subscribers would find each other's lock, and one would lose its frame. */
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();
    /** Frames on the way back to a subscriber that are recognised; a power of 2. */
    private static final int MAX_ECHOES = 1024;

    private final SourceWrites access;
    private final Path path;
    private final StatusRow row;
    private final Consumer<String> remarks;
    private final AtomicLongArray echoes = new AtomicLongArray(MAX_ECHOES);
    private volatile long lastCount;
    private ImageStream stream;
    private MemorySegment buffer = MemorySegment.NULL;
    private String reported = "";
    private boolean closed;

    /**
     * Prepares to write. Nothing is opened before the first frame.
     *
     * @param access whether frames are published or dropped
     * @param path the file of the source
     * @param row counts the frames
     * @param remarks gets a line if a frame is dropped for another reason than the last one
     */
    public SourceWriter(SourceWrites access, Path path, StatusRow row, Consumer<String> remarks) {
        this.access = access;
        this.path = path;
        this.row = row;
        this.remarks = remarks;
    }

    /** Whether a frame of that size can be received into the {@link #buffer}, because it is the size of the source. */
    public boolean accepts(long bytes) {
        ONE_AT_A_TIME.lock();
        try {
            if (closed || access == SourceWrites.REFUSED) {
                return false;
            }
            if (stream == null) {
                stream = ImageStream.open(path);
            }
            long frameBytes = stream.layout().frameBytes();
            if (bytes != frameBytes) {
                drop("it has " + bytes + " bytes, and a frame of the stream has " + frameBytes);
                return false;
            }
            if (buffer.byteSize() != frameBytes) {
                buffer = Arena.ofAuto().allocate(frameBytes, 64);
            }
            return true;
        } catch (ShmException e) {
            drop(e.getMessage());
            return false;
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    /** Where the frame is received. */
    public MemorySegment buffer() {
        return buffer;
    }

    /** Publishes the frame in the buffer. Its acquisition time is that of the subscriber, if it sent one. */
    public void publish(FrameFields fields) {
        ONE_AT_A_TIME.lock();
        try {
            if (!closed) {
                publishNow(fields);
                row.add(RowCounter.WRITES, 1);
                reported = "";
            }
        } catch (ShmException e) {
            drop(e.getMessage());
            closeStream(); // It may have been re-created: the next frame opens it again.
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private void publishNow(FrameFields fields) {
        try (FrameWriter writer = stream.writer()) {
            MemorySegment target = writer.claim();
            GuardedCopy.copy(buffer, 0, target, 0, buffer.byteSize());
            Faults.poll();
            // Before it is published: the thread that sends it back may read it at once.
            int echo = echo(fields.count());
            echoes.set(echo, fields.count());
            lastCount = stream.status().cnt0() + 1;
            if (fields.frameId() != 0) {
                writer.frameId(fields.frameId());
            }
            long count = fields.acquiredNs() == 0
                    ? writer.publish()
                    : writer.publish(
                            fields.acquiredNs() + stream.layout().clock().offsetNs());
            lastCount = count;
            if (count != fields.count()) {
                echoes.set(echo, 0);
            }
        } catch (InternalError e) {
            throw EngineAccess.mapped(stream).fault(e, "written");
        }
    }

    private static int echo(long count) {
        return (int) count & MAX_ECHOES - 1;
    }

    /**
     * Whether the frame of a count is one that the subscriber wrote into its replica, where it has the same count. For
     * any thread.
     */
    public boolean isEcho(long count) {
        return count != 0 && echoes.get(echo(count)) == count;
    }

    /** Whether the frame of a count is the last one that the subscriber wrote. For any thread. */
    public boolean isLast(long count) {
        return count != 0 && lastCount == count;
    }

    private void drop(String reason) {
        if (!reason.equals(reported)) {
            reported = reason;
            remarks.accept("dropped a frame that was sent to be written: " + reason);
        }
    }

    private void closeStream() {
        if (stream != null) {
            stream.close();
            stream = null;
            lastCount = 0;
            for (int i = 0; i < MAX_ECHOES; i++) {
                echoes.set(i, 0); // another stream counts anew
            }
        }
    }

    /** Drops all later frames. Closing twice is harmless. */
    @Override
    public void close() {
        ONE_AT_A_TIME.lock();
        try {
            closed = true;
            closeStream();
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }
}
