package org.shmrt.camera;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.FramesAhead;
import org.shmrt.stream.PacketWriter;
import org.shmrt.stream.format.StreamClock;

/** The next frame of a stream, as a source sees it. For one thread, the grabber's. */
abstract class StreamTarget implements FrameTarget {
    final FrameWriter writer;
    private final long clockOffsetNs;
    private MemorySegment memory = MemorySegment.NULL;
    private boolean hasMemory;
    private boolean hasId;
    private long id;
    private boolean hasTime;
    private long acquiredNs;
    private FramesAhead ahead;
    /** The buffer claimed ahead that contains the frame, or -1. */
    private int filled = -1;

    private StreamTarget(FrameWriter writer) {
        this.writer = writer;
        this.clockOffsetNs = writer.stream().layout().clock().offsetNs();
    }

    static StreamTarget of(FrameWriter writer) {
        return writer.stream().layout().depth() > 1 ? new Slot(writer) : new Buffer(writer);
    }

    /** Memory for a frame. */
    abstract MemorySegment claim();

    /** Publishes the frame in that memory. */
    abstract void publish(long acquiredNs);

    /** Gives the memory back. */
    abstract void abort();

    @Override
    public final MemorySegment pixels() {
        if (!hasMemory) {
            memory = claim();
            begin();
        }
        return memory;
    }

    /** The frame has memory from now on. */
    final void begin() {
        hasMemory = true;
        if (!hasTime) {
            acquiredNs = StreamClock.REALTIME.nowNs();
        }
    }

    final boolean hasMemory() {
        return hasMemory;
    }

    @Override
    public final void frameId(long newId) {
        id = newId;
        hasId = true;
    }

    @Override
    public final void acquiredNs(long unixNs) {
        acquiredNs = unixNs;
        hasTime = true;
    }

    @Override
    public final int maxBuffers() {
        return writer.stream().layout().depth() - 1;
    }

    @Override
    public final FramesAhead ahead(int buffers) {
        ahead = writer.claimAhead(buffers);
        return ahead;
    }

    @Override
    public final void filled(int buffer) {
        filled = buffer;
        begin();
    }

    /** Gives all claimed frames back, when the source is closed. */
    final void end() {
        if (ahead != null) {
            ahead.close();
        }
    }

    /** Publishes the frame and returns its id. */
    final long publish() {
        if (!hasMemory) {
            throw new IllegalStateException("a source delivered a frame without writing it: call pixels() first");
        }
        long published = id;
        hasMemory = false; // also if it cannot be published
        if (filled >= 0) {
            ahead.frameId(filled, published);
            ahead.publish(filled, acquiredNs + clockOffsetNs);
            filled = -1;
        } else {
            writer.frameId(published);
            publish(acquiredNs + clockOffsetNs);
        }
        // a source without numbers: 0, 1, 2 ...
        id = published + 1;
        hasId = false;
        hasTime = false;
        return published;
    }

    /** Gives up the frame, if it has memory. */
    final void withhold() {
        if (filled >= 0) {
            ahead.giveBack(filled);
            filled = -1;
        } else if (hasMemory) {
            abort();
        }
        hasMemory = false;
        hasTime = false;
        if (hasId) {
            id++;
            hasId = false;
        }
    }

    /** In a ring: in place. */
    private static final class Slot extends StreamTarget {
        private final boolean recordsPackets;
        private PacketWriter packets;

        Slot(FrameWriter writer) {
            super(writer);
            this.recordsPackets = writer.stream().layout().packets() != null;
        }

        @Override
        MemorySegment claim() {
            return writer.claim();
        }

        @Override
        void publish(long acquiredNs) {
            writer.publish(acquiredNs);
        }

        @Override
        void abort() {
            writer.abort();
        }

        @Override
        public boolean hasPackets() {
            return recordsPackets;
        }

        @Override
        public PacketWriter packets() {
            if (packets == null) {
                packets = writer.packets();
            }
            if (!hasMemory()) {
                begin();
            }
            return packets;
        }
    }

    /** At depth 1: in a buffer. */
    private static final class Buffer extends StreamTarget {
        private final MemorySegment buffer;

        Buffer(FrameWriter writer) {
            super(writer);
            long bytes = writer.stream().shape().byteSize(writer.stream().type());
            this.buffer = Arena.ofAuto().allocate(bytes, 64);
        }

        @Override
        MemorySegment claim() {
            return buffer;
        }

        @Override
        void publish(long acquiredNs) {
            MemorySegment frame = writer.claim();
            try {
                GuardedCopy.copy(buffer, 0, frame, 0, buffer.byteSize());
                Faults.poll();
            } catch (InternalError e) {
                writer.abort(); // a later frame may find space
                throw e;
            }
            writer.publish(acquiredNs);
        }

        @Override
        void abort() {
            // the newest frame was not touched
        }
    }
}
