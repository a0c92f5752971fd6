package org.shmrt.camera.packet;

import java.lang.foreign.MemorySegment;

/** What packets contain. For one thread: {@link #parse} keeps what it finds for the other methods. Nothing allocates. */
interface PacketFormat {
    /** More packets are never in one frame. */
    int MAX_PACKETS = 1 << 16;

    /** Reads the header of a packet; false if the packet cannot be one of these frames. */
    boolean parse(MemorySegment packet, int length);

    /** The frame of the packet, a number of {@link #frameBits} bits that grows by {@link #frameStep}. */
    long frame();

    /** Size of the frame number. */
    int frameBits();

    /** By how much the number grows from frame to frame; 0 if that is not known. */
    double frameStep();

    /** Number of the packet, unique in its frame, below {@link #MAX_PACKETS}. */
    int index();

    /** Number of packets of the frame; 0 if it is not known. */
    int total();

    /** Position of the payload in the frame, bytes. */
    long position();

    /** Size of the payload in the frame, bytes. */
    long payloadBytes();

    /** Copies the payload into the frame. */
    void store(MemorySegment packet, MemorySegment frame);

    /** Where the payload of one piece begins in the packet, in memory order after the call; -1 if it is not one piece. */
    int payloadStart(MemorySegment packet);
}
