package org.shmrt.camera;

import java.lang.foreign.MemorySegment;
import org.shmrt.stream.FramesAhead;
import org.shmrt.stream.PacketWriter;

/**
 * The frame that a source fills: its memory in the stream, and what is stored with it. For one thread. No call
 * allocates or blocks.
 */
public interface FrameTarget {
    /**
     * The memory of the frame. The first call claims it, and until the frame is delivered or withheld every call returns
     * the same memory. It contains the pixels of an older frame.
     *
     * @return memory of the size of one frame; the source may write to it during its {@code read} call only
     */
    MemorySegment pixels();

    /**
     * Sets the source's own number of the frame.
     *
     * @param id the number, stored as the frame id (cnt2); without a call the frames are numbered from 0
     */
    void frameId(long id);

    /**
     * Sets when the frame was acquired.
     *
     * @param unixNs nanoseconds since 1970-01-01 UTC; without a call it is the time when {@link #pixels()} was called
     *     first
     */
    void acquiredNs(long unixNs);

    /**
     * Whether the stream records packets, so that its readers can follow them as they arrive (DAO).
     *
     * @return true if {@link #packets()} may be used in place of {@link #pixels()}
     */
    default boolean hasPackets() {
        return false;
    }

    /**
     * The writer of packets. The source calls {@code begin} and {@code write}; the grabber publishes.
     *
     * @return the packet writer
     * @throws UnsupportedOperationException if {@link #hasPackets()} is false
     */
    default PacketWriter packets() {
        throw new UnsupportedOperationException("no packets are recorded here: use pixels()");
    }

    /**
     * The number of frames that a source can claim ahead, if it fills several buffers as a camera's library does.
     *
     * @return 0 if the stream has only one slot (milk): use {@link #pixels()}
     */
    default int maxBuffers() {
        return 0;
    }

    /**
     * Claims frames ahead. A source that uses them does so from its first {@code read} call on, and does not call
     * {@link #pixels()}: it claims buffers, lets the camera fill them, and names the one that contains the next frame
     * ({@link #filled}) or gives it back. When its {@code close} returns, nothing may write to them any more.
     *
     * @param buffers the number of buffers, 1 to {@link #maxBuffers()}
     * @return the frames; the grabber publishes and closes them
     * @throws IllegalStateException if frames are claimed already
     * @throws UnsupportedOperationException if {@link #maxBuffers()} is 0
     */
    default FramesAhead ahead(int buffers) {
        throw new UnsupportedOperationException("no frames can be claimed ahead here: use pixels()");
    }

    /**
     * Says that the frame that {@code read} delivers is in a buffer claimed ahead.
     *
     * @param buffer the buffer, which is not claimed any more when the frame is published
     */
    default void filled(int buffer) {
        throw new UnsupportedOperationException("no frames are claimed ahead here: use pixels()");
    }
}
