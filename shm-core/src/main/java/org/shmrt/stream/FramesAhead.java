package org.shmrt.stream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SlotFrames;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.text.FileNames;

/**
 * Frames that a writer claims ahead, for a source that is given several buffers and fills them one after the other, such
 * as the library of a camera. Returned by {@link FrameWriter#claimAhead(int)}. For one thread at a time, the one that
 * uses the writer. No call blocks, and none for a frame allocates, except once for each buffer outside the stream.
 *
 * <pre>{@code
 * try (FramesAhead ahead = writer.claimAhead(8)) {
 *     for (int buffer = ahead.claim(); buffer >= 0; buffer = ahead.claim()) {
 *         camera.post(buffer, ahead.memory(buffer));
 *     }
 *     while (running) {
 *         int buffer = camera.awaitFilled();
 *         if (camera.isWhole(buffer)) {
 *             ahead.publish(buffer, camera.timeNs(buffer));
 *         } else {
 *             ahead.giveBack(buffer);
 *         }
 *         int next = ahead.claim();
 *         camera.post(next, ahead.memory(next));
 *     }
 *     camera.stop();                              // before the memory is given back
 * }
 * }</pre>
 *
 * <p>Guarantees:
 * <ol>
 *   <li>Frames are published in the order of the calls of {@link #publish(int, long)}, whatever the order of the claims.
 *   <li>The memory of a buffer is the slot that its frame will have if the buffers are filled in the order in which they
 *       were claimed and none is given back. Such a frame is published without a copy.
 *   <li>After a buffer was given back, the frames of the buffers claimed at that time belong in other slots. They are
 *       copied there, and each copy is counted ({@link #copies()}). Later claims are in place again. A buffer whose slot
 *       is still claimed meanwhile has memory outside of the stream.
 *   <li>If the slot of the next frame is still claimed, because a buffer was filled before an earlier one, the frame
 *       waits until the earlier one is published or given back ({@link #waiting()}).
 * </ol>
 *
 * <p>The write flag of a claimed slot is set, so to a reader the slot is one that is being written. The newest frame is
 * not affected; of the older ones the stream holds at least its depth - 1 - {@link #size()}. If the process is killed,
 * the flags remain set, and the next writer overwrites these slots one after the other.
 */
public final class FramesAhead implements AutoCloseable {
    /** The slot of a buffer outside of the stream. */
    private static final int OUTSIDE = -1;

    private enum State {
        FREE,
        CLAIMED,
        /** Filled, and to be published. */
        WAITING
    }

    private final FrameWriter writer;
    private final MappedStream mapped;
    private final SlotHeaders headers;
    private final SlotFrames frames;
    private final long frameBytes;
    private final int depth;
    private final int size;

    private final State[] states;
    private final int[] slots;
    private final MemorySegment[] memory;
    /** Whether the flag of the buffer's slot was clear when it was claimed, so that the slot holds an older frame. */
    private final boolean[] heldFrame;

    private final long[] acquiredNs;
    private final long[] frameIds;
    private final boolean[] hasFrameId;

    /** The buffers that wait, in the order of their arrival, from {@link #first} on. */
    private final int[] order;

    private int first;
    private int waiting;

    /** Number of buffers that are not free. */
    private int used;

    /** Memory outside of the stream that no buffer uses. */
    private final MemorySegment[] spares;

    private int spareCount;
    private long copies;
    private boolean ended;

    private FramesAhead(FrameWriter writer, MappedStream mapped, int size) {
        this.writer = writer;
        this.mapped = mapped;
        this.headers = mapped.headers(mapped.segment());
        this.frames = new SlotFrames(mapped.segment(), mapped.layout());
        this.frameBytes = mapped.layout().frameBytes();
        this.depth = mapped.layout().depth();
        this.size = size;
        this.states = new State[size];
        this.slots = new int[size];
        this.memory = new MemorySegment[size];
        this.heldFrame = new boolean[size];
        this.acquiredNs = new long[size];
        this.frameIds = new long[size];
        this.hasFrameId = new boolean[size];
        this.order = new int[size];
        this.spares = new MemorySegment[size];
        Arrays.fill(states, State.FREE);
    }

    /** Frames ahead of a writer, if its stream has slots for them. */
    static FramesAhead of(FrameWriter writer, MappedStream mapped, int size) {
        StreamLayout layout = mapped.layout();
        if (size < 1) {
            throw new IllegalArgumentException(
                    "cannot claim " + size + " frames of " + FileNames.text(mapped.path()) + " ahead: claim 1 or more");
        }
        if (layout.depth() == 1) {
            throw new IllegalArgumentException("cannot claim frames of " + FileNames.text(mapped.path())
                    + " ahead: it has one slot, and"
                    + " readers need the frame in it (" + layout.format() + ", " + layout.variant()
                    + "); claim one frame"
                    + " at a time, or create a stream with more slots: format dao, depth " + (size + 1L) + " or more");
        }
        if (size >= layout.depth()) {
            throw new IllegalArgumentException("cannot claim " + size + " frames of " + FileNames.text(mapped.path())
                    + " ahead: it has " + layout.depth() + " slots, and readers need the one with the newest frame;"
                    + " claim at most " + (layout.depth() - 1) + ", or create it with a greater depth");
        }
        return new FramesAhead(writer, mapped, size);
    }

    /**
     * The number of frames that can be claimed at the same time.
     *
     * @return 1 or more
     */
    public int size() {
        return size;
    }

    /**
     * Claims a buffer for the frame after those of all claimed buffers.
     *
     * @return the buffer, 0 to {@link #size()} - 1; -1 if all are claimed or wait
     * @throws ClosedException if this, the writer or the stream is closed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public int claim() {
        checkOpen();
        if (waiting > 0) {
            publishWaiting(); // after a failed call, a frame may still wait although its slot is free
        }
        int buffer = freeBuffer();
        if (buffer < 0) {
            return -1;
        }
        try {
            int slot = (headers.newestSlotAcquire() + 1 + used) % depth;
            Faults.poll();
            if (holder(slot) < 0) {
                heldFrame[buffer] = headers.isFlagDownAcquire(slot);
                headers.raiseFlag(slot);
                Faults.poll();
                memory[buffer] = frames.of(slot);
                slots[buffer] = slot;
            } else {
                memory[buffer] = takeSpare();
                slots[buffer] = OUTSIDE;
            }
        } catch (InternalError | IllegalStateException e) {
            throw writer.translate(e);
        }
        states[buffer] = State.CLAIMED;
        used++;
        return buffer;
    }

    private int freeBuffer() {
        for (int buffer = 0; buffer < size; buffer++) {
            if (states[buffer] == State.FREE) {
                return buffer;
            }
        }
        return -1;
    }

    /** The buffer that uses a slot, or -1. */
    private int holder(int slot) {
        for (int buffer = 0; buffer < size; buffer++) {
            if (slots[buffer] == slot && states[buffer] != State.FREE) {
                return buffer;
            }
        }
        return -1;
    }

    private MemorySegment takeSpare() {
        // Not the arena of the stream or of this object: while the caller uses the segment, the memory must remain.
        return spareCount > 0 ? spares[--spareCount] : Arena.ofAuto().allocate(frameBytes, 4096);
    }

    /**
     * The memory of a claimed buffer. It contains the pixels of an older frame.
     *
     * @param buffer the buffer
     * @return the memory of one frame, valid until the buffer is published or given back, or the stream is closed
     * @throws IllegalStateException if the buffer is not claimed
     */
    public MemorySegment memory(int buffer) {
        checkClaimed(buffer);
        return memory[buffer];
    }

    /**
     * Sets the id (cnt2) of the frame in a claimed buffer, for example the camera's own frame number.
     *
     * @param buffer the buffer
     * @param frameId the id
     * @throws IllegalStateException if the buffer is not claimed
     */
    public void frameId(int buffer, long frameId) {
        checkClaimed(buffer);
        frameIds[buffer] = frameId;
        hasFrameId[buffer] = true;
    }

    /**
     * Publishes the frame in a claimed buffer, as {@link #publish(int, long)} does. Its acquisition time is now.
     *
     * @param buffer the buffer
     * @return the frame's count; 0 if it waits for a buffer that was claimed before
     * @throws IllegalStateException if the buffer is not claimed
     * @throws ClosedException if this, the writer or the stream is closed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public long publish(int buffer) {
        return publish(buffer, mapped.layout().clock().nowNs());
    }

    /**
     * Publishes the frame in a claimed buffer, after all frames for which this was called before. The memory must not be
     * written any more.
     *
     * @param buffer the buffer
     * @param acquisitionNs its acquisition time, nanoseconds since 1970 on the stream's clock
     *     ({@link StreamLayout#clock()})
     * @return the frame's count; 0 if it waits for a buffer that was claimed before
     * @throws IllegalStateException if the buffer is not claimed
     * @throws ClosedException if this, the writer or the stream is closed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public long publish(int buffer, long acquisitionNs) {
        checkOpen();
        checkClaimed(buffer);
        acquiredNs[buffer] = acquisitionNs;
        int last = first + waiting;
        order[last < size ? last : last - size] = buffer;
        states[buffer] = State.WAITING;
        waiting++;
        long count = publishWaiting();
        return waiting == 0 ? count : 0;
    }

    /**
     * Publishes the waiting frames up to the first one whose slot is claimed by another buffer.
     *
     * @return the count of the last one, 0 if none was published
     */
    private long publishWaiting() {
        long last = 0;
        try {
            while (waiting > 0) {
                int newest = headers.newestSlotAcquire();
                Faults.poll();
                int slot = headers.after(newest);
                int next = order[first];
                if (slots[next] != slot && !moveTo(slot, next)) {
                    break;
                }
                last = publishNext(next, slot, newest);
            }
            return last;
        } catch (InternalError | IllegalStateException e) {
            throw writer.translate(e);
        }
    }

    /**
     * Copies a frame to the slot where it belongs. A later frame in that slot is copied out of the stream first.
     *
     * @return false if the slot is claimed
     */
    private boolean moveTo(int slot, int buffer) {
        int other = holder(slot);
        if (other >= 0) {
            if (states[other] == State.CLAIMED) {
                return false;
            }
            MemorySegment spare = takeSpare();
            copy(memory[other], spare);
            memory[other] = spare;
            slots[other] = OUTSIDE;
        }
        MemorySegment target = frames.of(slot);
        headers.raiseFlag(slot);
        copy(memory[buffer], target);
        leave(buffer);
        memory[buffer] = target;
        slots[buffer] = slot;
        return true;
    }

    private void copy(MemorySegment from, MemorySegment to) {
        GuardedCopy.copy(from, 0, to, 0, frameBytes);
        Faults.poll();
        copies++;
    }

    /** Returns the memory of a buffer. A slot does not hold a frame any more. */
    private void leave(int buffer) {
        if (slots[buffer] == OUTSIDE) {
            spares[spareCount++] = memory[buffer];
        } else {
            headers.empty(slots[buffer]);
            Faults.poll();
        }
    }

    /** Publishes the first frame of those that wait. It is in its slot. */
    private long publishNext(int buffer, int slot, int newest) {
        if (hasFrameId[buffer]) {
            writer.frameId(frameIds[buffer]);
        }
        long count = writer.commitAhead(slot, newest, acquiredNs[buffer]);
        // No call until the frame is removed: with an overflow of the stack in between it would be published again.
        states[buffer] = State.FREE;
        hasFrameId[buffer] = false;
        first = first + 1 < size ? first + 1 : 0;
        waiting--;
        used--;
        writer.wakeReaders();
        return count;
    }

    /**
     * Gives a claimed buffer back whose content is not a frame: damaged, incomplete, or not filled. The memory must not
     * be written any more. Publishes the frames that waited for it.
     *
     * @param buffer the buffer
     * @throws IllegalStateException if the buffer is not claimed
     * @throws ClosedException if this, the writer or the stream is closed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public void giveBack(int buffer) {
        checkOpen();
        checkClaimed(buffer);
        heldFrame[buffer] = false; // its memory does not contain that frame any more
        giveBackUnused(buffer);
    }

    /**
     * Gives a claimed buffer back whose memory was not changed, as {@link #giveBack} does. The older frame that it
     * contains becomes readable again.
     *
     * @param buffer the buffer
     * @throws IllegalStateException if the buffer is not claimed
     * @throws ClosedException if this, the writer or the stream is closed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public void giveBackUnused(int buffer) {
        checkOpen();
        checkClaimed(buffer);
        try {
            if (slots[buffer] != OUTSIDE && heldFrame[buffer]) {
                headers.lowerFlag(slots[buffer]);
                Faults.poll();
            } else {
                leave(buffer);
            }
        } catch (InternalError | IllegalStateException e) {
            throw writer.translate(e);
        }
        states[buffer] = State.FREE;
        hasFrameId[buffer] = false;
        used--;
        publishWaiting();
    }

    /**
     * The number of buffers that are claimed: the source may still fill them.
     *
     * @return 0 to {@link #size()}
     */
    public int claimed() {
        return used - waiting;
    }

    /**
     * The number of frames that wait for a buffer that was claimed before.
     *
     * @return 0 to {@link #size()} - 1
     */
    public int waiting() {
        return waiting;
    }

    /**
     * The number of times that a frame was copied, because it was not in the slot where it belongs. Two frames that
     * arrive in reverse order need three copies.
     *
     * @return the number since the first claim
     */
    public long copies() {
        return copies;
    }

    private void checkOpen() {
        if (ended || writer.isClosed()) {
            throw new ClosedException((ended ? "the claim of frames ahead of " : "the writer of ")
                    + FileNames.text(mapped.path()) + " is closed");
        }
    }

    private void checkClaimed(int buffer) {
        if (buffer < 0 || buffer >= size || states[buffer] != State.CLAIMED) {
            throw new IllegalStateException("buffer " + buffer + " of " + FileNames.text(mapped.path())
                    + " is not claimed: it was published or given back, or no call of claim returned it");
        }
    }

    /**
     * Gives all claimed buffers back, which publishes the frames that wait, and lets the writer claim single frames
     * again. The source must have stopped: it must not write into the buffers any more. Closing twice is harmless. If
     * the writer was closed before, the slots are left as they are, as after the death of the writer: another writer may
     * use them.
     */
    @Override
    public void close() {
        if (ended) {
            return;
        }
        try {
            for (int buffer = 0; buffer < size && !writer.isClosed(); buffer++) {
                if (states[buffer] == State.CLAIMED) {
                    giveBack(buffer);
                }
            }
        } finally {
            ended = true;
            writer.endAhead();
        }
    }
}
