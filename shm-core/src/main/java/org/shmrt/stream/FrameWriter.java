package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.FileState;
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

/**
 * The writing side of a stream. One thread at a time may use it; {@link #close()} may come from any thread.
 * Nothing blocks and nothing allocates.
 *
 * <p>Two ways to write a frame. Copying:
 * <pre>{@code long count = writer.write(frame);}</pre>
 * In place, where the memory handed out <em>is</em> the shared memory:
 * <pre>{@code
 * MemorySegment frame = writer.claim();
 * camera.grabInto(frame);
 * long count = writer.publish();
 * }</pre>
 *
 * <p>Order of a frame, in every format: write flag up; data; time, ids and mark; counter (release); index of
 * the newest slot (release); write flag down (release); full fence; semaphores. The counter precedes the flag,
 * so a reader that finds the flag down and the counter unchanged after its copy has a whole frame.
 *
 * <p>At depth 1 the claimed memory is that of the frame readers look at: from {@link #claim()} to
 * {@link #publish()} no reader can take a frame, so claim late, or create the stream with a depth of 2 or more.
 */
public final class FrameWriter implements AutoCloseable {
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
    private boolean hasNotes;
    private long claimedNs;
    private boolean claimed;
    private boolean hasFrameId;
    private long frameId;
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
                [stream.layout().cube() == null ? 0 : stream.layout().cube().slices()];
        this.traces = stream.layout().traces();
        this.hasNotes = hasWrittenTime || records != null;
    }

    /**
     * Copies a frame into the stream and publishes it, acquired when this call began.
     *
     * @param frame exactly one frame's bytes, in memory order
     * @return the frame's count, 1 for the first
     * @throws IllegalArgumentException if it is not one frame's size
     * @throws IllegalStateException if a frame is claimed
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public long write(MemorySegment frame) {
        mapped.checkFrameSize(frame);
        // The clock is read before anything is stored: later it would wait for the stores that are under way.
        long acquiredNs = clock.nowNs();
        copyInto(claim(), frame);
        return publish(acquiredNs, trigger == null ? acquiredNs : clock.nowNs());
    }

    private void copyInto(MemorySegment target, MemorySegment frame) {
        try {
            MemorySegment.copy(frame, 0, target, 0, frame.byteSize());
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw translate(e);
        }
    }

    /**
     * Copies a frame into the place of the next one and tells nobody, as DAO's quiet write does: no count, no time, no
     * semaphore. With a depth of 2 or more nobody sees it before something is published; {@link #claim()} and
     * {@link #publish()} publish just that. At depth 1 it changes the pixels of the newest frame: a reader that copies
     * at that moment may get a mixture, and neither count nor flag tell it so if the write began and ended meanwhile.
     *
     * @param frame exactly one frame's bytes, in memory order
     * @throws IllegalArgumentException if it is not one frame's size
     * @throws IllegalStateException if a frame is claimed
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public void writeQuietly(MemorySegment frame) {
        mapped.checkFrameSize(frame);
        copyInto(claim(), frame);
        try {
            headers.lowerFlag(slot);
            Faults.poll();
            claimed = false;
        } catch (InternalError | IllegalStateException e) {
            throw translate(e);
        }
    }

    /**
     * Starts writing frames in packets, for cameras whose frames arrive so. It shares this writer's stream and lock.
     *
     * @return the writer of packets, which needs no closing
     * @throws IllegalArgumentException if the stream's format has no place for packets
     */
    public PacketWriter packets() {
        if (stream.layout().packets() == null) {
            throw new IllegalArgumentException(stream.path() + " has no place for packets: streams of the "
                    + stream.layout().format() + " layout " + stream.layout().variant() + " have none");
        }
        return new PacketWriter(this, mapped);
    }

    /**
     * The stream this writer writes.
     *
     * @return the stream
     */
    public ImageStream stream() {
        return stream;
    }

    /** Position of the claimed slot's header in the file. */
    long claimedHeader() {
        if (!claimed) {
            throw new IllegalStateException("no frame of " + stream.path() + " is begun: begin one first");
        }
        return stream.layout().headerOffset(slot);
    }

    /**
     * Copies a slice into a rolling cube and publishes it, acquired when this call began.
     *
     * @param sliceFrame exactly one slice's bytes, in memory order
     * @return the frame's count, 1 for the first
     * @throws IllegalArgumentException if it is not one slice's size, or the stream is no rolling cube
     * @throws IllegalStateException if a frame is claimed
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public long writeSlice(MemorySegment sliceFrame) {
        long acquiredNs = clock.nowNs();
        checkCube();
        if (sliceFrame.byteSize() != stream.layout().cube().sliceBytes()) {
            throw new IllegalArgumentException("a slice of " + stream.path() + " has "
                    + stream.layout().cube().sliceBytes() + " bytes, not " + sliceFrame.byteSize());
        }
        copyInto(claimSlice(), sliceFrame);
        return publish(acquiredNs, trigger == null ? acquiredNs : clock.nowNs());
    }

    private void checkCube() {
        if (stream.layout().cube() == null) {
            throw new IllegalArgumentException(stream.path() + " is no rolling cube: write whole frames");
        }
    }

    /**
     * Hands out the memory of a rolling cube's next slice, the one after the last written. Publishing it makes its
     * index the stream's cnt1 and notes its times and count in the cube's lists.
     *
     * @return exactly one slice's bytes, valid until {@link #publish()} or {@link #abort()}
     * @throws IllegalArgumentException if the stream is no rolling cube
     * @throws IllegalStateException if a frame is claimed already
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public MemorySegment claimSlice() {
        checkCube();
        MemorySegment whole = claim();
        try {
            slice = records.nextSlice();
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw translate(e);
        }
        if (slices[slice] == null) {
            long bytes = stream.layout().cube().sliceBytes();
            slices[slice] = whole.asSlice(slice * bytes, bytes);
        }
        return slices[slice];
    }

    /**
     * Hands out the memory of the next frame. Its content is that of an older frame.
     *
     * @return exactly one frame's bytes, valid until {@link #publish()} or {@link #abort()}
     * @throws IllegalStateException if a frame is claimed already
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public MemorySegment claim() {
        if (closed.get()) {
            throw closedError();
        }
        if (claimed) {
            throw new IllegalStateException("a frame of " + stream.path() + " is claimed already: publish or abort it");
        }
        try {
            previousSlot = headers.newestSlotAcquire();
            slot = headers.after(previousSlot);
            headers.raiseFlag(slot);
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw translate(e);
        }
        claimed = true;
        slice = -1;
        if (trigger != null) {
            claimedNs = clock.nowNs();
        }
        return frames.of(slot);
    }

    /**
     * Publishes the claimed frame, acquired now.
     *
     * @return the frame's count, 1 for the first
     * @throws IllegalStateException if no frame is claimed
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public long publish() {
        long nowNs = clock.nowNs();
        return publish(nowNs, nowNs);
    }

    /**
     * Publishes the claimed frame.
     *
     * @param acquiredNs when it was acquired, nanoseconds since 1970 on the stream's clock
     *     ({@link StreamLayout#clock()})
     * @return the frame's count, 1 for the first
     * @throws IllegalStateException if no frame is claimed
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public long publish(long acquiredNs) {
        return publish(acquiredNs, hasWrittenTime ? clock.nowNs() : acquiredNs);
    }

    private long publish(long acquiredNs, long writtenNs) {
        long count = commit(acquiredNs, writtenNs);
        // Store of the counter before load of a semaphore's value: without this fence a processor may take the
        // value first, find it at the cap, and leave a reader asleep that has just looked at the old counter.
        VarHandle.fullFence();
        try {
            if (exclusive) {
                semaphores.postAll();
            } else {
                semaphores.postAllExactly();
            }
        } catch (InternalError | IllegalStateException e) {
            throw translate(e);
        }
        return count;
    }

    /** Everything of a publication but waking those who sleep. */
    long commit(long acquiredNs, long writtenNs) {
        if (closed.get()) {
            throw closedError();
        }
        if (!claimed) {
            throw new IllegalStateException("no frame of " + stream.path() + " is claimed: claim one first");
        }
        try {
            long count = headers.countAcquire(previousSlot) + 1;
            headers.acquiredNs(slot, acquiredNs);
            if (hasNotes) {
                note(count, acquiredNs, writtenNs);
            }
            if (hasFrameId) {
                headers.cnt2(slot, frameId);
                hasFrameId = false;
            }
            headers.mark(slot, OrderMark.of(count));
            headers.countRelease(slot, count);
            headers.newestSlotRelease(slot);
            // After the index: of a writer killed between the two the flag stays up. The other way round its successor
            // would give the same count out again, to readers that have had the frame.
            headers.lowerFlag(slot);
            Faults.poll();
            claimed = false;
            return count;
        } catch (InternalError | IllegalStateException e) {
            throw translate(e);
        }
    }

    /** What few formats and programs want written of a frame, apart so that the others' way stays short. */
    private void note(long count, long acquiredNs, long writtenNs) {
        headers.writtenNs(slot, writtenNs);
        if (records != null) {
            records.note(count, slice, acquiredNs, writtenNs);
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
     * Notes with each frame from now on which frame of another stream it was made of, as milk's programs do: the
     * stream's process trace tells the way back to the camera. Does nothing in a stream without a trace (DAO).
     *
     * @param newTrigger the reader whose current frame, at the time of publishing, led to the new one; null to stop
     */
    public void tracedTo(FrameReader newTrigger) {
        trigger = traces == null ? null : newTrigger;
        hasNotes = hasWrittenTime || records != null || trigger != null;
    }

    /**
     * Gives the claimed frame back without publishing it. What readers could still see in its memory may be spoilt
     * by then, so its write flag stays up, and no reader takes that memory for a frame, until the next frame is
     * published into it. At depth 1 that memory is the newest frame's.
     *
     * @throws IllegalStateException if no frame is claimed
     */
    public void abort() {
        if (!claimed) {
            throw new IllegalStateException("no frame of " + stream.path() + " is claimed");
        }
        claimed = false;
    }

    private ClosedException closedError() {
        return new ClosedException("the writer of " + stream.path() + " is closed");
    }

    /**
     * What an access to memory that is gone becomes. The memory of a closed stream refuses with an illegal state; so
     * do the mistakes of a caller, which stay what they are. No frame is claimed any more.
     */
    RuntimeException translate(Throwable e) {
        claimed = false;
        if (e instanceof IllegalStateException refused) {
            return closed.get() || !stream.isOpen() ? closedError() : refused;
        }
        return new IncompatibleException(
                stream.path() + " was cut off by another process while it was written: " + "open it again", e);
    }

    /** The frames to come may be of a writer that knows no mark, and one in 128 of those would bear a right one. */
    private void eraseMarks() {
        try {
            if (mapped.fileState() != FileState.SAME) {
                return; // there may be another stream in this file now: these bytes may be its pixels
            }
            for (int s = 0; s < headers.depth(); s++) {
                headers.mark(s, (byte) 0);
            }
            Faults.poll();
        } catch (InternalError | IllegalStateException | ShmException e) {
            // the memory is gone, and the marks with it
        }
    }

    /**
     * Ends writing and lets another writer in. A claimed frame is given back as {@link #abort()} does.
     * Closing twice is harmless.
     */
    @Override
    public void close() {
        // The claim is left alone: it belongs to the writing thread, which may be just about to publish.
        if (closed.getAndSet(true)) {
            return;
        }
        eraseMarks();
        stream.forget(this);
        lock.close();
    }
}
