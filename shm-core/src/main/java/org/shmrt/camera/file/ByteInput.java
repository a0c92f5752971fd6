package org.shmrt.camera.file;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.shmrt.error.ClosedException;
import org.shmrt.posix.IoErrors;

/**
 * Bytes of a pipe or file, read directly into frames. For one thread, except {@link #close}, which ends a read in another
 * thread. Reading a frame does not allocate, as long as frames come from the same slots again and again.
 */
public final class ByteInput implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    /** A longer read keeps the writer out of the pipe for so long that it sleeps. */
    private static final int READ_BYTES = 1 << 17;

    private static final long MAX_VIEW_BYTES = 1 << 30;
    private static final int MAX_VIEWS = 1024;

    private final ReadableByteChannel channel;
    private final String name;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, 64);
    private final ByteBuffer bufferView = buffer.asByteBuffer();
    private int from;
    private int to;

    /** Slots of the stream, and the same memory as Java's channels want it. */
    private final MemorySegment[] frames = new MemorySegment[MAX_VIEWS];

    private final ByteBuffer[] views = new ByteBuffer[MAX_VIEWS];
    private int viewCount;
    private int lastView;

    /** Reads a channel, which {@link #close} closes. */
    public ByteInput(ReadableByteChannel channel, String name) {
        this.channel = channel;
        this.name = name;
    }

    /** Reads a stream, for example of a process. */
    public static ByteInput of(InputStream in, String name) {
        return new ByteInput(Channels.newChannel(in), name);
    }

    public String name() {
        return name;
    }

    private boolean refill() {
        bufferView.clear();
        int count = readInto(bufferView);
        from = 0;
        to = Math.max(0, count);
        return count > 0;
    }

    private int readInto(ByteBuffer view) {
        try {
            return channel.read(view);
        } catch (ClosedChannelException e) {
            throw new ClosedException(name + " was closed");
        } catch (IOException e) {
            throw IoErrors.reading(name, e);
        }
    }

    /** The next byte, or -1 at the end. */
    public int read() {
        return from == to && !refill() ? -1 : buffer.get(ValueLayout.JAVA_BYTE, from++) & 0xff;
    }

    /** Copies the next bytes without consuming them, at most 64 KiB; fewer only at the end. */
    public int peek(byte[] into, int count) {
        while (to - from < count) {
            if (from > 0) {
                MemorySegment.copy(buffer, from, buffer, 0, to - from);
                to -= from;
                from = 0;
            }
            bufferView.limit(BUFFER_BYTES).position(to);
            int found = readInto(bufferView);
            if (found <= 0) {
                break;
            }
            to += found;
        }
        int available = Math.min(count, to - from);
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, from, into, 0, available);
        return available;
    }

    /** Reads until the memory is full or the input ends; returns the number of bytes read. */
    public long fill(MemorySegment target) {
        long size = target.byteSize();
        long done = takeBuffered(target, 0);
        while (done < size) {
            if (size - done < BUFFER_BYTES) {
                // many small frames with one call
                if (!refill()) {
                    return done;
                }
                done = takeBuffered(target, done);
            } else {
                int count = readInto(view(target, done));
                if (count < 0) {
                    return done;
                }
                done += count;
            }
        }
        return done;
    }

    private long takeBuffered(MemorySegment target, long done) {
        int count = (int) Math.min(to - from, target.byteSize() - done);
        MemorySegment.copy(buffer, from, target, done, count);
        from += count;
        return done + count;
    }

    /** Skips bytes; false if the input ends first. */
    public boolean skip(long bytes) {
        long left = bytes;
        while (left > 0) {
            if (from == to && !refill()) {
                return false;
            }
            int count = (int) Math.min(to - from, left);
            from += count;
            left -= count;
        }
        return true;
    }

    /**
     * The next line in ISO 8859-1, without its end; empty if it is longer than {@code maxBytes} or has no end.
     */
    public Optional<String> line(int maxBytes) {
        byte[] bytes = new byte[maxBytes];
        int count = 0;
        for (int next = read(); next != '\n'; next = read()) {
            if (next < 0 || count == maxBytes) {
                return Optional.empty();
            }
            bytes[count++] = (byte) next;
        }
        return Optional.of(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
    }

    private ByteBuffer view(MemorySegment target, long done) {
        long bytes = Math.min(READ_BYTES, target.byteSize() - done);
        if (target.byteSize() > MAX_VIEW_BYTES) {
            return target.asSlice(done, bytes).asByteBuffer();
        }
        ByteBuffer view = cachedView(target);
        view.limit((int) (done + bytes)).position((int) done);
        return view;
    }

    /** Slots come in rotation, so the view is the last one or the next. */
    private ByteBuffer cachedView(MemorySegment target) {
        for (int i = 0; i < viewCount; i++) {
            int at = lastView + i < viewCount ? lastView + i : lastView + i - viewCount;
            if (frames[at].equals(target)) {
                lastView = at;
                return views[at];
            }
        }
        ByteBuffer view = target.asByteBuffer();
        lastView = viewCount < MAX_VIEWS ? viewCount++ : (lastView + 1) % MAX_VIEWS;
        frames[lastView] = target;
        views[lastView] = view;
        return view;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw IoErrors.reading(name, e);
        }
    }
}
