package org.shmrt.stream;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.HeaderWords;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.stream.engine.StaleFlag;
import org.shmrt.stream.format.CircularLayout;
import org.shmrt.stream.format.CubeLayout;
import org.shmrt.stream.format.StreamLayout;

/**
 * The newest frames a stream still holds: the slots of a ring (DAO), the fast circular buffer or the slices of a
 * rolling cube (milk), else the newest frame alone. Made by {@link ImageStream#history()}; for one thread at a time.
 * Reading allocates nothing and changes nothing, so it is for read-only streams too.
 *
 * <pre>{@code
 * FrameHistory past = stream.history();
 * MemorySegment cube = arena.allocate(10 * past.frameBytes());
 * if (past.read(cube, timeoutNs) == Verdict.FRESH) {
 *     use(cube, past.length());              // frames count(0) to count(length() - 1), oldest first
 * }
 * }</pre>
 */
public final class FrameHistory {
    private final MappedStream stream;
    private final MemorySegment file;
    private final StreamLayout layout;
    private final StaleFlag stale;
    private final SlotHeaders headers;
    private final CircularLayout circular;
    private final CubeLayout cube;
    private final int capacity;
    private final long frameBytes;
    private final long[] acquiredNs;

    private int length;
    private int newestSlot;
    private long newestCount;

    FrameHistory(MappedStream stream) {
        this.stream = stream;
        this.file = stream.segment().asReadOnly();
        this.layout = stream.layout();
        this.headers = stream.headers(file);
        this.stale = new StaleFlag(stream, headers);
        this.circular = layout.circular();
        this.cube = circular == null ? layout.cube() : null;
        this.capacity = capacity(layout);
        this.frameBytes = cube == null ? layout.frameBytes() : cube.sliceBytes();
        this.acquiredNs = new long[capacity];
    }

    private static int capacity(StreamLayout layout) {
        if (layout.circular() != null) {
            return layout.circular().size();
        }
        return layout.cube() != null ? layout.cube().slices() : layout.depth();
    }

    /**
     * Copies the newest frames, oldest first. Frames the writer overtook during the copy are left out, the oldest
     * first, so what is there is whole. With a writer that fills milk's buffer without ShmRT's help that holds as long
     * as every frame is published by the library's update call; pyMilk's {@code set_data} passes the buffer by.
     *
     * @param target room for one or more frames of {@link #frameBytes()}; filled from its start
     * @param timeoutNs how long to try while the newest frame is being written
     * @return {@link Verdict#FRESH} with {@link #length()} frames, 0 in a stream without any; else why not
     * @throws IllegalArgumentException if the target has no room for exactly one or more frames
     */
    public Verdict read(MemorySegment target, long timeoutNs) {
        if (target.byteSize() == 0 || target.byteSize() % frameBytes != 0) {
            throw new IllegalArgumentException("a frame of the history of " + stream.path() + " has " + frameBytes
                    + " bytes; " + target.byteSize() + " are no multiple of it");
        }
        length = 0;
        if (!stream.isOpen()) {
            return Verdict.CLOSED;
        }
        long startNs = System.nanoTime();
        int wanted = (int) Math.min(target.byteSize() / frameBytes, Integer.MAX_VALUE);
        try {
            while (!copy(target, wanted)) {
                Faults.poll();
                if (Thread.currentThread().isInterrupted()) {
                    return Verdict.CLOSED;
                }
                if (stale.isStale()) {
                    return Verdict.STALE_WRITER;
                }
                if (System.nanoTime() - startNs >= timeoutNs) {
                    return Verdict.TIMED_OUT;
                }
                Thread.onSpinWait();
            }
            Faults.poll();
            return headers.isSameInstance() ? Verdict.FRESH : Verdict.RECREATED;
        } catch (InternalError e) {
            length = 0;
            return Verdict.of(stream.fileState());
        } catch (IllegalStateException e) {
            length = 0;
            if (stream.isOpen()) {
                throw e;
            }
            return Verdict.CLOSED;
        }
    }

    /**
     * Size of one frame of the history: of a slice for a rolling cube, of a frame for any other stream.
     *
     * @return bytes
     */
    public long frameBytes() {
        return frameBytes;
    }

    /**
     * How many frames the stream keeps.
     *
     * @return 1 or more
     */
    public int capacity() {
        return capacity;
    }

    /**
     * How many frames the last {@link #read} copied.
     *
     * @return 0 before the first
     */
    public int length() {
        return length;
    }

    /**
     * Counter (cnt0) of a frame of the last {@link #read}.
     *
     * @param index 0 for the oldest
     * @return its counter
     */
    public long count(int index) {
        return newestCount - (length - 1 - Objects.checkIndex(index, length));
    }

    /**
     * When a frame of the last {@link #read} was acquired.
     *
     * @param index 0 for the oldest
     * @return nanoseconds since 1970 on the stream's clock; 0 where the writer left none, as milk's library does in its
     *     buffers
     */
    public long acquiredNs(int index) {
        return acquiredNs[Objects.checkIndex(index, length)];
    }

    /**
     * Copies the newest frames, oldest first.
     *
     * @return false if the newest one is being written, or was overtaken during the copy: try again
     */
    private boolean copy(MemorySegment target, int wanted) {
        length = 0;
        if (!findNewest()) {
            return false;
        }
        int most = Math.min(wanted, capacity);
        // The counter has no sign, and a file from elsewhere may hold any value.
        int have = Long.compareUnsigned(newestCount, most) < 0 ? (int) newestCount : most;
        while (have > 0 && !isWhole(have - 1)) {
            have--;
        }
        for (int i = 0; i < have; i++) {
            int back = have - 1 - i;
            MemorySegment.copy(file, offset(back), target, i * frameBytes, frameBytes);
            acquiredNs[i] = acquired(back);
        }
        // Loads of the frames before, loads of flags and counters after.
        VarHandle.acquireFence();
        int kept = 0;
        while (kept < have && isWhole(kept)) {
            kept++;
        }
        if (kept < have) {
            // The writer has overtaken the oldest: what is left moves to the front.
            MemorySegment.copy(target, (have - kept) * frameBytes, target, 0, kept * frameBytes);
            System.arraycopy(acquiredNs, have - kept, acquiredNs, 0, kept);
        }
        length = kept;
        return kept > 0 || (have == 0 && newestCount == 0);
    }

    private boolean findNewest() {
        newestSlot = headers.newestSlotAcquire();
        newestCount = headers.countAcquire(newestSlot);
        if (capacity == layout.depth() && circular == null && cube == null) {
            return headers.isFlagDownAcquire(newestSlot);
        }
        // Slot and counter are of one frame only if nothing was written between the loads.
        if (!headers.isFlagDownAcquire(0)) {
            return false;
        }
        newestSlot = circular != null
                ? Integer.remainderUnsigned(file.get(JAVA_INT, circular.indexOffset()), capacity)
                : (int) Long.remainderUnsigned(headers.cnt1(0), capacity);
        VarHandle.acquireFence();
        return headers.isFlagDownAcquire(0) && headers.countAcquire(0) == newestCount;
    }

    /** Whether the frame that many before the newest is still what it was. */
    private boolean isWhole(int back) {
        if (circular == null && cube == null) {
            int slot = slot(back);
            return headers.isFlagDownAcquire(slot) && headers.countAcquire(slot) == newestCount - back;
        }
        // One flag for all: while it is up, or after a frame more, the oldest slots are the ones written over. The
        // counter is loaded after the flag, which goes down last.
        boolean busy = !headers.isFlagDownAcquire(0);
        long since = headers.countAcquire(0) - newestCount;
        return since >= 0 && back + since + (busy ? 1 : 0) < capacity && isRecorded(back);
    }

    /**
     * Whether a buffer's record does not say that another frame, or none, lies in that slot. Only where the newest
     * record says anything: milk's library leaves all of them 0.
     */
    private boolean isRecorded(int back) {
        return circular == null || recordedCount(0) != newestCount || recordedCount(back) == newestCount - back;
    }

    private long recordedCount(int back) {
        return HeaderWords.longPlain(file, circular.recordOffset(slot(back)) + circular.countOffset());
    }

    private int slot(int back) {
        return Math.floorMod(newestSlot - back, capacity);
    }

    private long offset(int back) {
        int slot = slot(back);
        if (circular != null) {
            return circular.dataOffset() + slot * frameBytes;
        }
        return cube != null ? layout.frameOffset(0) + slot * frameBytes : layout.frameOffset(slot);
    }

    private long acquired(int back) {
        int slot = slot(back);
        if (circular != null) {
            return circular.acquired().get(file, circular.recordOffset(slot));
        }
        if (cube != null) {
            return cube.acquired().get(file, (long) slot * cube.timeBytes());
        }
        return headers.acquiredNs(slot);
    }
}
