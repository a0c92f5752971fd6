package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.engine.FrameRecords;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.OrderMark;
import org.shmrt.stream.engine.ProcessTraces;
import org.shmrt.stream.engine.SemaphoreSet;
import org.shmrt.stream.engine.SlotFrames;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.stream.engine.WriterLock;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.TraceLayout;
import org.shmrt.text.FileNames;

/**
 * Writes the frames of a stream. For one thread at a time, except {@link #close()}, which any thread may call. No call
 * blocks, and none for a frame allocates.
 *
 * <p>There are two ways to write a frame. To copy it:
 * <pre>{@code long count = writer.write(frame);}</pre>
 * To write in place, directly into the shared memory:
 * <pre>{@code
 * MemorySegment frame = writer.claim();
 * camera.grabInto(frame);
 * long count = writer.publish();
 * }</pre>
 * A source that fills several frames at the same time claims them ahead: {@link #claimAhead(int)}.
 *
 * <p>The order of a publication, in every format: set the write flag; data; time, ids and mark; counter (release);
 * index of the newest slot (release); clear the write flag (release); full fence; semaphores. The counter is stored
 * before the flag is cleared, so a reader that finds the flag clear and the counter unchanged after its copy has a
 * whole frame.
 *
 * <p>At depth 1 the claimed memory is that of the newest frame: between {@link #claim()} and {@link #publish()} no
 * reader can read a frame. Claim as late as possible, or create the stream with a depth of 2 or more.
 */
public final class FrameWriter implements AutoCloseable {
    // What is claimed. Not an enum: a store of a reference has a barrier, and each frame stores this twice.
    private static final int NOTHING = 0;

    private static final int ONE_FRAME = 1;
    private static final int FRAMES_AHEAD = 2;

    /** Only malformed files have more slices. An array for all of them would exhaust memory. */
    private static final int EAGER_SLICES = 1024;

    private final ImageStream stream;
    private final MappedStream mapped;
    private final SlotHeaders headers;
    private final SlotFrames frames;
    private final SemaphoreSet semaphores;
    private final WriterLock lock;
    private final boolean exclusive;
    private final StreamClock clock;
    private final boolean hasWrittenTime;
    private final FrameRecords records;
    private final MemorySegment[] slices;
    private final MemorySegment file;
    private final TraceLayout traces;

    private int slot;
    private int previousSlot;
    private int slice = -1;
    private FrameReader trigger;
    private boolean hasExtras;
    private long claimedNs;
    private int claimed = NOTHING;
    private boolean hasFrameId;
    private long frameId;
    private long countStep = 1; // from the newest count to that of the next frame
    private final AtomicBoolean closed = new AtomicBoolean();

    FrameWriter(ImageStream stream, WriterLock lock) {
        this.stream = stream;
        this.mapped = stream.mapped();
        this.file = mapped.segment();
        this.headers = mapped.headers(file);
        this.frames = new SlotFrames(file, mapped.layout());
        this.semaphores = mapped.semaphores();
        this.lock = lock;
        this.exclusive = lock.isExclusive();
        this.clock = stream.layout().clock();
        this.hasWrittenTime = stream.layout().written().exists();
        this.records = FrameRecords.of(file, stream.layout());
        this.slices = new MemorySegment
                [stream.layout().cube() == null
                        ? 0
                        : Math.min(EAGER_SLICES, stream.layout().cube().slices())];
        this.traces = stream.layout().traces();
        this.hasExtras = hasWrittenTime || records != null;
    }

    /**
     * Copies a frame into the stream and publishes it. Its acquisition time is the start of this call.
     *
     * @param frame the bytes of one frame, in memory order
     * @return the frame's count, 1 for the first
     * @throws IllegalArgumentException if {@code frame} does not have the size of one frame
     * @throws IllegalStateException if a frame is claimed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public long write(MemorySegment frame) {
        mapped.checkFrameSize(frame);
        // The clock is read before the stores: a later read would wait for them.
        long acquiredNs = clock.nowNs();
        MemorySegment target = claim();
        try {
            return copyAndPublish(target, frame, acquiredNs);
        } catch (Throwable e) {
            claimed = NOTHING; // before any call: there may be no stack left for one
            throw translate(e, frame);
        }
    }

    /** The caller catches everything, so that not even an overflow of the stack at this call leaves a frame claimed. */
    private long copyAndPublish(MemorySegment target, MemorySegment frame, long acquiredNs) {
        GuardedCopy.copy(frame, 0, target, 0, frame.byteSize());
        Faults.poll();
        return publish(acquiredNs, trigger == null ? acquiredNs : clock.nowNs());
    }

    /**
     * Copies a frame into the slot of the next frame without publishing it, like DAO's quiet write: changes no count
     * and no time, and posts no semaphore. With a depth of 2 or more, no reader sees it before a publication;
     * {@link #claim()} and {@link #publish()} publish it unchanged. At depth 1 it changes the pixels of the newest
     * frame: a reader that copies at the same time may get a torn frame, and cannot detect it from count and flag if
     * the write starts and ends during the copy.
     *
     * @param frame the bytes of one frame, in memory order
     * @throws IllegalArgumentException if {@code frame} does not have the size of one frame
     * @throws IllegalStateException if a frame is claimed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public void writeQuietly(MemorySegment frame) {
        mapped.checkFrameSize(frame);
        MemorySegment target = claim();
        try {
            GuardedCopy.copy(frame, 0, target, 0, frame.byteSize());
            Faults.poll();
            headers.lowerFlag(slot);
            Faults.poll();
            claimed = NOTHING;
        } catch (Throwable e) {
            claimed = NOTHING;
            throw translate(e, frame);
        }
    }

    /**
     * Starts writing frames in packets, for cameras that send them in packets. The packet writer uses this writer's
     * stream and lock.
     *
     * @return the packet writer, which need not be closed
     * @throws IllegalArgumentException if the layout of the stream has no packet table
     */
    public PacketWriter packets() {
        if (stream.layout().packets() == null) {
            throw new IllegalArgumentException("cannot write packets to " + FileNames.text(stream.path())
                    + ": streams of the " + stream.layout().format() + " layout "
                    + stream.layout().variant() + " have no packet table");
        }
        return new PacketWriter(this, mapped);
    }

    /** {@return the stream that this writer writes} */
    public ImageStream stream() {
        return stream;
    }

    /** Position of the claimed slot's header in the file. */
    long claimedHeader() {
        if (claimed != ONE_FRAME) {
            throw new IllegalStateException(
                    "no frame of " + FileNames.text(stream.path()) + " has been begun: call begin first");
        }
        return stream.layout().headerOffset(slot);
    }

    /**
     * Copies a slice into a rolling cube and publishes it. Its acquisition time is the start of this call.
     *
     * @param sliceFrame the bytes of one slice, in memory order
     * @return the frame's count, 1 for the first
     * @throws IllegalArgumentException if {@code sliceFrame} does not have the size of one slice, or the stream is not
     *     a rolling cube
     * @throws IllegalStateException if a frame is claimed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public long writeSlice(MemorySegment sliceFrame) {
        long acquiredNs = clock.nowNs();
        checkCube();
        if (sliceFrame.byteSize() != stream.layout().cube().sliceBytes()) {
            throw new IllegalArgumentException("a slice of " + FileNames.text(stream.path()) + " has "
                    + stream.layout().cube().sliceBytes() + " bytes, not " + sliceFrame.byteSize());
        }
        MemorySegment target = claimSlice();
        try {
            return copyAndPublish(target, sliceFrame, acquiredNs);
        } catch (Throwable e) {
            claimed = NOTHING;
            throw translate(e, sliceFrame);
        }
    }

    private void checkCube() {
        if (stream.layout().cube() == null) {
            throw new IllegalArgumentException(
                    FileNames.text(stream.path()) + " is not a rolling cube: write whole frames");
        }
    }

    /**
     * Claims the memory of a rolling cube's next slice, the one after the last written. Publishing it stores its index
     * in cnt1, and its times and count in the cube's lists.
     *
     * @return the memory of one slice, valid until {@link #publish()} or {@link #abort()}
     * @throws IllegalArgumentException if the stream is not a rolling cube
     * @throws IllegalStateException if a frame is already claimed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public MemorySegment claimSlice() {
        checkCube();
        MemorySegment whole = claim();
        try {
            slice = records.nextSlice();
            Faults.poll();
            long bytes = stream.layout().cube().sliceBytes();
            if (slice >= slices.length) {
                return whole.asSlice(slice * bytes, bytes);
            }
            if (slices[slice] == null) {
                slices[slice] = whole.asSlice(slice * bytes, bytes);
            }
            return slices[slice];
        } catch (Throwable e) {
            claimed = NOTHING;
            throw translate(e);
        }
    }

    /**
     * Claims the memory of the next frame. It contains the pixels of an older frame.
     *
     * @return the memory of one frame, valid until {@link #publish()} or {@link #abort()}
     * @throws IllegalStateException if a frame is already claimed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public MemorySegment claim() {
        if (closed.get()) {
            throw ClaimErrors.closed(this);
        }
        if (claimed != NOTHING) {
            throw ClaimErrors.alreadyClaimed(this);
        }
        try {
            previousSlot = headers.newestSlotAcquire();
            slot = headers.after(previousSlot);
            headers.raiseFlag(slot);
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw translate(e);
        }
        if (trigger != null) {
            claimedNs = clock.nowNs();
        }
        MemorySegment frame = frames.of(slot);
        slice = -1;
        // Last: an error in a call above, of the stack for example, leaves nothing claimed.
        claimed = ONE_FRAME;
        return frame;
    }

    /**
     * Prepares to claim several frames at the same time, for a source that fills several buffers, such as the library
     * of a camera. Until the result is closed, all frames are written through it.
     *
     * @param maxFrames number of frames that can be claimed at the same time, 1 to the depth of the stream - 1
     * @return the frames, none of them claimed yet
     * @throws IllegalArgumentException if the stream has too few slots for them; a milk stream has only one
     * @throws IllegalStateException if a frame is claimed, or if the stream has several writers
     */
    public FramesAhead claimAhead(int maxFrames) {
        if (closed.get()) {
            throw ClaimErrors.closed(this);
        }
        if (claimed != NOTHING) {
            throw ClaimErrors.alreadyClaimed(this);
        }
        if (!exclusive) {
            throw new IllegalStateException("cannot claim frames of " + FileNames.text(stream.path())
                    + " ahead: it has several writers, and another one would write into the claimed slots");
        }
        FramesAhead ahead = FramesAhead.of(this, mapped, maxFrames);
        claimed = FRAMES_AHEAD;
        return ahead;
    }

    /** Commits the frame in a slot that was claimed ahead, the slot after the newest. */
    long commitAhead(int newSlot, int newestSlot, long acquiredNs) {
        slot = newSlot;
        previousSlot = newestSlot;
        slice = -1;
        claimed = ONE_FRAME;
        try {
            return commit(acquiredNs, hasWrittenTime ? clock.nowNs() : acquiredNs);
        } finally {
            claimed = FRAMES_AHEAD;
        }
    }

    void endAhead() {
        claimed = NOTHING;
    }

    boolean isClosed() {
        return closed.get() || !stream.isOpen();
    }

    /**
     * Publishes the claimed frame. Its acquisition time is now.
     *
     * @return the frame's count, 1 for the first
     * @throws IllegalStateException if no frame is claimed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public long publish() {
        long nowNs = clock.nowNs();
        return publish(nowNs, nowNs);
    }

    /**
     * Publishes the claimed frame.
     *
     * @param acquiredNs its acquisition time, nanoseconds since 1970 on the stream's clock
     *     ({@link StreamLayout#clock()})
     * @return the frame's count, 1 for the first
     * @throws IllegalStateException if no frame is claimed
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public long publish(long acquiredNs) {
        return publish(acquiredNs, hasWrittenTime ? clock.nowNs() : acquiredNs);
    }

    /**
     * Publishes the claimed frame with a given count, for a copy of a stream that has the counts of the original. To
     * readers, counts that are left out are lost frames, and a lower count starts a new sequence.
     *
     * @param count its count, not 0
     * @param acquiredNs its acquisition time, as for {@link #publish(long)}, which also throws the other exceptions
     * @throws IllegalArgumentException if the count is 0, which stands for no frame
     */
    public void publishAs(long count, long acquiredNs) {
        if (count == 0) {
            throw new IllegalArgumentException(
                    "cannot publish a frame of " + FileNames.text(stream.path()) + " as count 0: use 1");
        }
        try {
            countStep = count - headers.countAcquire(previousSlot);
            publish(acquiredNs);
        } catch (InternalError | IllegalStateException e) {
            throw translate(e);
        } finally {
            countStep = 1;
        }
    }

    private long publish(long acquiredNs, long writtenNs) {
        long count = commit(acquiredNs, writtenNs);
        wakeReaders();
        return count;
    }

    /** Posts the semaphores, after a frame was committed. */
    void wakeReaders() {
        try {
            if (exclusive) {
                semaphores.postAll();
            } else {
                semaphores.postAllExactly();
            }
        } catch (InternalError | IllegalStateException e) {
            if (!mapped.postAfterFault(e)) {
                throw translate(e);
            }
        }
    }

    /** Publishes the claimed frame without posting the semaphores. */
    long commit(long acquiredNs, long writtenNs) {
        if (closed.get()) {
            throw ClaimErrors.closed(this);
        }
        if (claimed != ONE_FRAME) {
            throw ClaimErrors.notClaimed(this);
        }
        try {
            long count = headers.count(previousSlot) + countStep;
            headers.acquiredNs(slot, acquiredNs);
            if (hasExtras) {
                storeExtras(count, acquiredNs, writtenNs);
            }
            if (hasFrameId) {
                headers.cnt2(slot, frameId);
                hasFrameId = false;
            }
            headers.mark(slot, OrderMark.of(count));
            headers.countRelease(slot, count);
            headers.newestSlotRelease(slot);
            // After the index: if the writer is killed between the two stores, the flag remains set. In the other order
            // its successor would publish the same count again, to readers that already have this frame.
            headers.lowerFlag(slot);
            Faults.poll();
            claimed = NOTHING;
            return count;
        } catch (Throwable e) {
            throw translate(e);
        }
    }

    /** Stores what only some formats and programs use. A separate method, so that {@link #commit} remains short. */
    private void storeExtras(long count, long acquiredNs, long writtenNs) {
        headers.writtenNs(slot, writtenNs);
        if (records != null) {
            records.record(count, slice, acquiredNs, writtenNs);
        }
        if (trigger != null) {
            ProcessTraces.write(
                    file, traces, trigger.mapped(), trigger.count(), trigger.semaphoreIndex(), claimedNs, writtenNs);
        }
    }

    /**
     * Sets the id (cnt2) of the next frame published, for example the camera's own frame number.
     *
     * @param newFrameId the id
     */
    public void frameId(long newFrameId) {
        frameId = newFrameId;
        hasFrameId = true;
    }

    /**
     * Stores with each frame from now on which frame of another stream triggered it, as milk's programs do. Does
     * nothing in a stream without a trace (DAO).
     *
     * @param newTrigger the reader whose current frame at the time of publication triggered the new one; null to stop
     */
    public void tracedTo(FrameReader newTrigger) {
        trigger = traces == null ? null : newTrigger;
        hasExtras = hasWrittenTime || records != null || trigger != null;
    }

    /**
     * Releases the claimed frame without publishing it. Its memory may contain a part of the new frame, so its write
     * flag remains set, and no reader accepts that memory as a frame, until the next frame is published into it. At
     * depth 1 it is the memory of the newest frame.
     *
     * @throws IllegalStateException if no frame is claimed
     */
    public void abort() {
        if (claimed != ONE_FRAME) {
            throw ClaimErrors.notClaimed(this);
        }
        claimed = NOTHING;
    }

    boolean hasFramesAhead() {
        return claimed == FRAMES_AHEAD;
    }

    /** The same for a copy from the caller's memory, which may be the truncated one. */
    RuntimeException translate(Throwable e, MemorySegment source) {
        RuntimeException translated = translate(e);
        return GuardedCopy.isFaultOf(source, e)
                ? new IncompatibleException(
                        "cannot write " + FileNames.text(mapped.path())
                                + ": another process truncated the memory of the new frame",
                        e)
                : translated;
    }

    /**
     * The exception for a failed access. An access to the memory of a closed stream throws an illegal state; that of an
     * error of the caller is returned unchanged. No single frame is claimed afterwards.
     */
    RuntimeException translate(Throwable e) {
        claimed = claimed == FRAMES_AHEAD ? FRAMES_AHEAD : NOTHING;
        if (e instanceof InternalError fault) {
            return mapped.fault(fault, "written");
        }
        if (e instanceof IllegalStateException illegalState) {
            return isClosed() ? ClaimErrors.closed(this) : illegalState;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return (RuntimeException) e;
    }

    /**
     * Ends writing and releases the lock for another writer. A claimed frame is released as by {@link #abort()}.
     * Closing twice is harmless.
     */
    @Override
    public void close() {
        // The claim is not reset: it belongs to the writing thread, which may be publishing at this moment.
        if (closed.getAndSet(true)) {
            return;
        }
        OrderMark.erase(mapped, headers);
        stream.forget(this);
        lock.close();
    }
}
