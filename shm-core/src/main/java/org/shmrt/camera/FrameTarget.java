package org.shmrt.camera;

import java.lang.foreign.MemorySegment;
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
    boolean hasPackets();

    /**
     * The writer of packets. The source calls {@code begin} and {@code write}; the grabber publishes.
     *
     * @return the packet writer
     * @throws UnsupportedOperationException if {@link #hasPackets()} is false
     */
    PacketWriter packets();
}
