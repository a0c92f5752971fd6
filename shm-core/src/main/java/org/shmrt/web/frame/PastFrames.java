package org.shmrt.web.frame;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;

/**
 * The frames that a stream keeps besides the newest. A slot of a ring is copied when it is asked for. milk's buffers and
 * rolling cubes, whose slots have no header of their own, are copied as a whole when they are listed, so that a frame
 * does not change between the list and its picture. Of many frames, only the newest are listed. Guarded by the lock of {@link OpenStream}.
 */
public final class PastFrames {
    private static final long READ_NS = 20_000_000L;
    /** How long a copied history is kept after its last use. */
    private static final long KEEP_NS = 10_000_000_000L;
    /** A history takes at most this part of what the largest frame may take, so that live frames have room. */
    private static final int SHARE = 4;
    /** Longer histories are listed only in part, the newest frames: a stream can keep millions. */
    static final int MAX_LISTED = 4096;

    private final ImageStream stream;
    private final FrameReader reader;
    private final Frame.Source source;
    private final FramePool pool;
    /** Created when it is first needed: it takes memory for each frame. */
    private FrameHistory history;

    private FramePool.Block copied;
    private long usedNs;

    /**
     * A frame that the stream keeps.
     *
     * @param slot its slot
     * @param count its counter
     * @param acquiredNs its time on the stream's clock, 0 if the writer stored none
     */
    public record Slot(int slot, long count, long acquiredNs) {}

    PastFrames(ImageStream stream, FrameReader reader, Frame.Source source, FramePool pool) {
        this.stream = stream;
        this.reader = reader;
        this.source = source;
        this.pool = pool;
    }

    /** The frames, oldest first; empty for a stream that keeps one frame. */
    List<Slot> list() {
        return isRing() ? ring() : copied();
    }

    private boolean isRing() {
        return stream.layout().depth() > 1;
    }

    private List<Slot> ring() {
        List<Slot> slots = new ArrayList<>();
        int depth = stream.layout().depth();
        int newest = stream.status().newestSlot();
        for (int back = 0; back < Math.min(depth, MAX_LISTED); back++) {
            int slot = Math.floorMod(newest - back, depth);
            if (reader.takeSlot(slot).hasFrame() && reader.count() != 0) {
                slots.add(new Slot(slot, reader.count(), reader.acquiredNs()));
            }
        }
        slots.sort(Comparator.comparing(Slot::count, Long::compareUnsigned));
        return slots;
    }

    private List<Slot> copied() {
        List<Slot> slots = new ArrayList<>();
        if (copyHistory()) {
            for (int i = 0; i < history.length(); i++) {
                slots.add(new Slot(slot(history.count(i)), history.count(i), history.acquiredNs(i)));
            }
        }
        return slots;
    }

    /** A name for a frame's place: the place where the writer puts the frame {@code capacity} counts later. */
    private int slot(long count) {
        return (int) Long.remainderUnsigned(count, history.capacity());
    }

    private boolean copyHistory() {
        usedNs = System.nanoTime();
        if (history == null) {
            history = stream.history();
        }
        long fitting = Math.min(MAX_LISTED, pool.maxFrameBytes() / SHARE / history.frameBytes());
        long bytes = Math.min(history.capacity(), fitting) * history.frameBytes();
        if (history.capacity() == 1 || bytes == 0) {
            return false;
        }
        if (copied == null) {
            copied = pool.take(bytes).orElse(null);
        }
        return copied != null && history.read(copied.memory(bytes), READ_NS).hasFrame();
    }

    /** A copy of the frame in a slot, to be released; empty while it is overwritten. */
    Optional<Frame> copy(int slot) {
        if (history == null && !isRing()) {
            history = stream.history();
        }
        int slots = isRing() ? stream.layout().depth() : history.capacity();
        if (slot < 0 || slot >= slots) {
            throw new IllegalArgumentException(
                    "cannot show slot " + slot + " of " + source.stream() + ": it has slots 0 to " + (slots - 1));
        }
        return isRing() ? copyOfRing(slot) : copyOfHistory(slot);
    }

    private Optional<Frame> copyOfRing(int slot) {
        Optional<FramePool.Block> block = pool.takeFrame(source.stream(), source.frameBytes());
        if (block.isEmpty()) {
            return Optional.empty();
        }
        MemorySegment target = block.get().memory(source.frameBytes());
        if (!reader.takeSlot(slot).hasFrame() || !reader.copyTo(target)) {
            pool.giveBack(block.get());
            return Optional.empty();
        }
        Frame.Stamp stamp = new Frame.Stamp(reader.count(), reader.frameId(), reader.acquiredNs(), nowNs());
        return Optional.of(new Frame(source, stamp, Frame.WHOLE, pool, block.get()));
    }

    private Optional<Frame> copyOfHistory(int slot) {
        usedNs = System.nanoTime();
        if (copied == null && !copyHistory()) {
            return Optional.empty();
        }
        for (int i = 0; i < history.length(); i++) {
            if (slot(history.count(i)) == slot) {
                return copyOfHistory(i, new Frame.Stamp(history.count(i), 0, history.acquiredNs(i), nowNs()));
            }
        }
        return Optional.empty();
    }

    private Optional<Frame> copyOfHistory(int index, Frame.Stamp stamp) {
        long bytes = history.frameBytes();
        Optional<FramePool.Block> block = pool.takeFrame(source.stream(), bytes);
        if (block.isEmpty()) {
            return Optional.empty();
        }
        GuardedCopy.copy(
                copied.memory((index + 1) * bytes), index * bytes, block.get().memory(bytes), 0, bytes);
        // A frame of a rolling cube is one of its slices.
        Frame.Source one = bytes == source.frameBytes() ? source : source.ofSlice();
        return Optional.of(new Frame(one, stamp, Frame.WHOLE, pool, block.get()));
    }

    private long nowNs() {
        return stream.layout().clock().nowNs();
    }

    /** Gives the memory back that was not used for some seconds. */
    void trim(long nowNs) {
        if (copied != null && nowNs - usedNs > KEEP_NS) {
            release();
        }
    }

    void release() {
        if (copied != null) {
            pool.giveBack(copied);
            copied = null;
        }
    }
}
