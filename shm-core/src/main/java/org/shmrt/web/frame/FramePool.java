package org.shmrt.web.frame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Memory for copies of frames, with an upper limit. A block that is given back is used again for a frame of the same
 * size, and freed if nobody needed it for some seconds. Safe for any thread.
 */
public final class FramePool implements AutoCloseable {
    private static final long GRANULE_BYTES = 64L << 10;
    private static final long KEEP_NS = 5_000_000_000L;

    private final long limitBytes;
    private final ArrayDeque<Block> free = new ArrayDeque<>();
    private long allocatedBytes;
    private boolean closed;

    public FramePool(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** One piece of memory, used by one frame. */
    static final class Block {
        private final Arena arena = Arena.ofShared(); // the network threads write from it
        private final MemorySegment memory;
        private long givenBackNs;

        Block(long bytes) {
            try {
                memory = arena.allocate(bytes, 64);
            } catch (RuntimeException | Error e) {
                arena.close();
                throw e;
            }
        }

        MemorySegment memory(long bytes) {
            return memory.asSlice(0, bytes);
        }
    }

    /** The size above which a frame is never copied as one: half of the memory, so that the next one has room too. */
    public long maxFrameBytes() {
        return Math.min(limitBytes / 2, Integer.MAX_VALUE);
    }

    /** Memory for a frame; empty while slow viewers hold all of it. */
    synchronized Optional<Block> take(long bytes) {
        long size = Math.ceilDiv(Math.max(bytes, 1), GRANULE_BYTES) * GRANULE_BYTES;
        for (Iterator<Block> blocks = free.descendingIterator(); blocks.hasNext(); ) {
            Block block = blocks.next();
            if (block.memory.byteSize() == size) {
                blocks.remove();
                return Optional.of(block);
            }
        }
        while (allocatedBytes + size > limitBytes && !free.isEmpty()) {
            release(free.removeFirst());
        }
        if (closed || allocatedBytes + size > limitBytes) {
            return Optional.empty();
        }
        Block block = new Block(size);
        allocatedBytes += size;
        return Optional.of(block);
    }

    /**
     * Memory for a frame of a stream; empty while slow viewers hold all of it.
     *
     * @throws IllegalArgumentException if the frame is larger than {@link #maxFrameBytes}
     */
    Optional<Block> takeFrame(String stream, long bytes) {
        if (bytes > maxFrameBytes()) {
            throw new IllegalArgumentException("cannot send a frame of " + stream + ": " + bytes
                    + " bytes are more than the " + maxFrameBytes() + " that the server holds at once; ask for a "
                    + "slice, or use shm read");
        }
        return take(bytes);
    }

    synchronized void giveBack(Block block) {
        if (closed) {
            release(block);
            return;
        }
        block.givenBackNs = System.nanoTime();
        free.addLast(block);
    }

    /** Frees what nobody needed for some seconds. */
    synchronized void trim(long nowNs) {
        while (!free.isEmpty() && nowNs - free.getFirst().givenBackNs > KEEP_NS) {
            release(free.removeFirst());
        }
    }

    private void release(Block block) {
        allocatedBytes -= block.memory.byteSize();
        block.arena.close();
    }

    /** Bytes that are allocated now, in use or not. */
    public synchronized long allocatedBytes() {
        return allocatedBytes;
    }

    /** Frees the unused memory, and each block in use when its last user gives it back. */
    @Override
    public synchronized void close() {
        closed = true;
        while (!free.isEmpty()) {
            release(free.removeFirst());
        }
    }
}
