package org.shmrt.stream;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.engine.HeaderWords;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.stream.engine.StaleFlag;
import org.shmrt.stream.format.CircularLayout;
import org.shmrt.stream.format.CubeLayout;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.text.FileNames;

/**
 * The newest frames that a stream still holds: the slots of a ring (DAO), the fast circular buffer or the slices of a
 * rolling cube (milk), else only the newest frame. Returned by {@link ImageStream#history()}. For one thread at a time.
 * Reading changes nothing in the stream, so it works on streams opened read-only. It does not
 * allocate, except when one call returns more than 65,536 frames. One call returns at most 16,777,216.
 *
 * <pre>{@code
 * FrameHistory past = stream.history();
 * MemorySegment cube = arena.allocate(10 * past.frameBytes());
 * if (past.read(cube, timeoutNs) == Verdict.FRESH) {
 *     use(cube, past.length());              // frames count(0) to count(length() - 1), oldest first
 * }
 * }</pre>
 *
 * <p>Large frames can be used where they are, without a copy. Their writer goes on meanwhile, so ask afterwards whether
 * they are still whole:
 *
 * <pre>{@code
 * if (past.find(10, timeoutNs) == Verdict.FRESH) {
 *     for (int i = 0; i < past.length(); i++) {
 *         double sum = sum(past.frame(i));
 *         if (past.isWhole(i)) { use(sum); }
 *     }
 * }
 * }</pre>
 */
public final class FrameHistory {
    /** Only malformed files keep more frames. Arrays for all of them would exhaust memory. */
    private static final int EAGER_FRAMES = 1 << 16;
    /** The most frames of one call. */
    private static final int MOST_FRAMES = 1 << 24;

    /** How long a virtual thread parks between two attempts. */
    private static final long PARK_NS = 100_000L;

    private final MappedStream stream;
    private final MemorySegment file;
    private final StreamLayout layout;
    private final StaleFlag stale;
    private final SlotHeaders headers;
    private final CircularLayout circular;
    private final CubeLayout cube;
    private final int capacity;
    private final long frameBytes;
    private long[] acquiredNs;
    /** The memory of each of the first slots, created when it is first asked for. */
    private final MemorySegment[] frames;

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
        this.acquiredNs = new long[Math.min(capacity, EAGER_FRAMES)];
        this.frames = new MemorySegment[Math.min(capacity, EAGER_FRAMES)];
    }

    private static int capacity(StreamLayout layout) {
        if (layout.circular() != null) {
            return layout.circular().size();
        }
        return layout.cube() != null ? layout.cube().slices() : layout.depth();
    }

    /**
     * Copies the newest frames, oldest first. Frames that the writer overwrote during the copy are omitted, so all
     * copied frames are whole. If another program than ShmRT fills milk's buffer, this holds only while it publishes
     * every frame by the library's update call; pyMilk's {@code set_data} bypasses the buffer.
     *
     * @param target memory for one or more frames of {@link #frameBytes()}; filled from its start
     * @param timeoutNs how long to retry while the newest frame is being written
     * @return {@link Verdict#FRESH} with {@link #length()} frames, 0 in a stream without frames; else the reason why
     *     there are none
     * @throws IllegalArgumentException if the size of the target is not a multiple of the size of a frame
     */
    public Verdict read(MemorySegment target, long timeoutNs) {
        if (target.byteSize() == 0 || target.byteSize() % frameBytes != 0) {
            throw new IllegalArgumentException(
                    "cannot read the history of " + FileNames.text(stream.path()) + " into " + target.byteSize()
                            + " bytes: a frame has " + frameBytes + " bytes, give memory for one or more frames");
        }
        return obtain(target, (int) Math.min(target.byteSize() / frameBytes, Integer.MAX_VALUE), timeoutNs);
    }

    /**
     * Finds the newest frames without copying them. They are used in place by {@link #frame}, and checked afterwards by
     * {@link #isWhole}: their writer may overwrite the oldest at any moment.
     *
     * @param most how many frames to find, at least 1
     * @param timeoutNs how long to retry while the newest frame is being written
     * @return {@link Verdict#FRESH} with {@link #length()} frames, 0 in a stream without frames; else the reason why
     *     there are none
     */
    public Verdict find(int most, long timeoutNs) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "cannot find " + most + " frames of " + FileNames.text(stream.path()) + ": ask for at least 1");
        }
        return obtain(null, most, timeoutNs);
    }

    /** Finds the newest frames, and copies them unless the target is null. */
    private Verdict obtain(MemorySegment target, int wanted, long timeoutNs) {
        length = 0;
        if (!stream.isOpen()) {
            return Verdict.CLOSED;
        }
        long startNs = System.nanoTime();
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
                if (Thread.currentThread().isVirtual()) {
                    LockSupport.parkNanos(PARK_NS); // a spin would keep the carrier thread from all others
                } else {
                    Thread.onSpinWait();
                }
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
     * Waits for new frames, then copies the newest frames as {@link #read} does: those that it waited for, and older
     * ones before them if the target has room for more.
     *
     * @param target memory for one or more frames of {@link #frameBytes()}; filled from its start
     * @param newFrames how many frames must be published after the one that the reader returned last, at least 1
     * @param waiting a reader of the same stream object, which waits in its way; its current frame changes
     * @param timeoutNs maximum time to wait in total
     * @return {@link Verdict#FRESH} with {@link #length()} frames, else the reason why there are none
     * @throws IllegalArgumentException if the size of the target is not a multiple of the size of a frame, the number
     *     of new frames is less than 1, or the reader reads another stream
     */
    public Verdict readNewer(MemorySegment target, int newFrames, FrameReader waiting, long timeoutNs) {
        if (newFrames < 1) {
            throw new IllegalArgumentException("cannot wait for " + newFrames + " new frames of "
                    + FileNames.text(stream.path()) + ": wait for at least 1");
        }
        if (waiting.opened().mapped() != stream) {
            throw new IllegalArgumentException(
                    "the reader of " + FileNames.text(waiting.opened().path()) + " cannot wait for the history of "
                            + FileNames.text(stream.path()) + ": use a reader of the same stream object");
        }
        length = 0;
        long startNs = System.nanoTime();
        long leftNs = timeoutNs;
        long startCount = waiting.count();
        long arrived = 0;
        while (arrived < newFrames) {
            Verdict verdict = waiting.awaitNewest(leftNs);
            if (!verdict.hasFrame()) {
                return verdict;
            }
            if (waiting.mapped() != stream) {
                return Verdict.RECREATED; // the reader follows re-creations, a history does not
            }
            if (verdict == Verdict.RESTARTED) {
                startCount = waiting.count() - 1;
            }
            arrived = waiting.count() - startCount;
            leftNs = Math.max(0, timeoutNs - (System.nanoTime() - startNs));
        }
        return read(target, leftNs);
    }

    /**
     * Size of one frame of the history: a slice for a rolling cube, a frame for any other stream.
     *
     * @return bytes
     */
    public long frameBytes() {
        return frameBytes;
    }

    /**
     * The number of frames that the stream keeps.
     *
     * @return 1 or more
     */
    public int capacity() {
        return capacity;
    }

    /**
     * The number of frames that the last {@link #read} copied or the last {@link #find} found.
     *
     * @return their number, 0 before the first
     */
    public int length() {
        return length;
    }

    /**
     * Counter (cnt0) of a frame of the last {@link #read} or {@link #find}.
     *
     * @param index 0 for the oldest
     * @return its counter
     */
    public long count(int index) {
        return newestCount - (length - 1 - Objects.checkIndex(index, length));
    }

    /**
     * The acquisition time of a frame of the last {@link #read} or {@link #find}.
     *
     * @param index 0 for the oldest
     * @return nanoseconds since 1970 on the stream's clock; 0 if the writer stored none, as milk's library in its
     *     buffers
     */
    public long acquiredNs(int index) {
        return acquiredNs[Objects.checkIndex(index, length)];
    }

    /**
     * A frame of the last {@link #read} or {@link #find} in the shared memory. Its content may change at any moment; if
     * the file is truncated, an access raises an {@link InternalError}. Allocates at the first call for each slot; in
     * streams of more than 65,536 slots, at every call for a slot beyond those.
     *
     * @param index 0 for the oldest
     * @return its {@link #frameBytes()} bytes, read-only
     */
    public MemorySegment frame(int index) {
        int back = length - 1 - Objects.checkIndex(index, length);
        int slot = slot(back);
        if (slot >= frames.length) {
            return file.asSlice(offset(back), frameBytes);
        }
        if (frames[slot] == null) {
            frames[slot] = file.asSlice(offset(back), frameBytes);
        }
        return frames[slot];
    }

    /**
     * Whether {@link #frame} still has the frame that was found. Call this after using the frame.
     *
     * @param index 0 for the oldest
     * @return false if it was or is being overwritten, or the stream was truncated, restarted or closed
     */
    public boolean isWhole(int index) {
        int back = length - 1 - Objects.checkIndex(index, length);
        // Orders the caller's loads of the frame before the loads of flag and counter.
        VarHandle.acquireFence();
        try {
            boolean whole = isUnchanged(back) && headers.isSameInstance();
            Faults.poll();
            return whole;
        } catch (InternalError e) {
            return false;
        } catch (IllegalStateException e) {
            if (stream.isOpen()) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Copies the newest frames, oldest first, unless the target is null.
     *
     * @return false if the newest frame is being written, or was overwritten during the copy, so that a retry is needed
     */
    private boolean copy(MemorySegment target, int wanted) {
        length = 0;
        if (!findNewest()) {
            return false;
        }
        int max = Math.min(Math.min(wanted, capacity), MOST_FRAMES);
        // The counter is unsigned, and a file of another program may contain any value.
        int have = Long.compareUnsigned(newestCount, max) < 0 ? (int) newestCount : max;
        while (have > 0 && !isUnchanged(have - 1)) {
            have--;
        }
        if (have > acquiredNs.length) {
            acquiredNs = new long[have];
        }
        for (int i = 0; i < have; i++) {
            int back = have - 1 - i;
            if (target != null) {
                GuardedCopy.copy(file, offset(back), target, i * frameBytes, frameBytes);
            }
            acquiredNs[i] = acquired(back);
        }
        // Orders the loads of the frames before the loads of flags and counters.
        VarHandle.acquireFence();
        int kept = 0;
        while (kept < have && isUnchanged(kept)) {
            kept++;
        }
        if (kept < have) {
            // The writer has overwritten the oldest frames: move the others to the front.
            if (target != null) {
                GuardedCopy.copy(target, (have - kept) * frameBytes, target, 0, kept * frameBytes);
            }
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
        // Slot and counter belong to the same frame only if nothing was written between the loads.
        if (!headers.isFlagDownAcquire(0)) {
            return false;
        }
        newestSlot = circular != null
                ? Integer.remainderUnsigned(file.get(JAVA_INT, circular.indexOffset()), capacity)
                : (int) Long.remainderUnsigned(headers.cnt1(0), capacity);
        VarHandle.acquireFence();
        return headers.isFlagDownAcquire(0) && headers.countAcquire(0) == newestCount;
    }

    /** Whether the frame that is {@code back} frames before the newest is unchanged. */
    private boolean isUnchanged(int back) {
        if (circular == null && cube == null) {
            int slot = slot(back);
            return headers.isFlagDownAcquire(slot) && headers.countAcquire(slot) == newestCount - back;
        }
        // There is one flag for all slots: while it is set, or after another frame, the oldest slots are overwritten.
        // The counter is loaded after the flag, which the writer clears last.
        boolean busy = !headers.isFlagDownAcquire(0);
        long since = headers.countAcquire(0) - newestCount;
        return since >= 0 && back + since + (busy ? 1 : 0) < capacity && isRecorded(back);
    }

    /**
     * Whether the record of a buffer's slot does not contradict that the slot holds this frame. Checked only if the
     * newest record is filled, because milk's library leaves all records 0.
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
