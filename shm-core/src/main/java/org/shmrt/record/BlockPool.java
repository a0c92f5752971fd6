package org.shmrt.record;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The memory of a recorder: blocks of frames, up to a number of bytes for all streams together. A stream whose frames
 * wait for the disk may use what the others do not need. Safe for any thread.
 */
final class BlockPool implements AutoCloseable {
    private static final long BLOCK_BYTES = 4 << 20;
    private static final int MAX_BLOCK_FRAMES = 4096;

    private final Consumer<String> findings;
    private final Deque<FrameBlock> free = new ArrayDeque<>();
    private final List<FrameBlock> used = new ArrayList<>();
    private long maxBytes;
    private long bytes;

    BlockPool(long maxBytes, Consumer<String> findings) {
        this.maxBytes = maxBytes;
        this.findings = findings;
    }

    /** The least memory for a stream: one block is filled while another is written. */
    static long minBytes(long frameBytes) {
        return 2 * FrameBlock.bytes(frameBytes, 1);
    }

    /** An empty block; null if all memory is in use. */
    synchronized FrameBlock take(StreamInstance instance) {
        long frameBytes = instance.frameBytes();
        for (Iterator<FrameBlock> all = free.iterator(); all.hasNext(); ) {
            FrameBlock block = all.next();
            if (block.frameBytes() == frameBytes) {
                all.remove();
                return begun(block, instance);
            }
        }
        long wanted = Math.min(BLOCK_BYTES, maxBytes / 8);
        int capacity = (int) Math.max(1, Math.min(MAX_BLOCK_FRAMES, wanted / frameBytes));
        long needed = FrameBlock.bytes(frameBytes, capacity);
        while (bytes + needed > maxBytes && !free.isEmpty()) {
            FrameBlock other = free.removeLast();
            bytes -= other.bytes();
            other.free();
        }
        if (bytes + needed > maxBytes) {
            return null;
        }
        try {
            FrameBlock added = new FrameBlock(frameBytes, capacity);
            bytes += needed;
            return begun(added, instance);
        } catch (OutOfMemoryError e) {
            maxBytes = bytes;
            findings.accept(
                    "Java has memory for " + bytes + " bytes of frames, less than was asked for: give it more with"
                            + " -XX:MaxDirectMemorySize=SIZE, or the recorder less (--buffer)");
            return null;
        }
    }

    private FrameBlock begun(FrameBlock block, StreamInstance instance) {
        block.begin(instance);
        used.add(block);
        return block;
    }

    synchronized void release(FrameBlock block) {
        used.remove(block);
        free.addFirst(block); // taken next: the caches of the processor may still have it
    }

    /** Whether more than half of the memory is in use. */
    synchronized boolean isFilling() {
        return used.stream().mapToLong(FrameBlock::bytes).sum() > maxBytes / 2;
    }

    @Override
    public synchronized void close() {
        free.forEach(FrameBlock::free);
        used.forEach(FrameBlock::free);
        free.clear();
        used.clear();
    }
}
