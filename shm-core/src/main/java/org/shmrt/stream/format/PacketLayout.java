package org.shmrt.stream.format;

/**
 * Where a slot header records the packets of a frame. All offsets are relative to the slot's header. Immutable.
 *
 * @param positionOffset u32: first element of the last packet
 * @param countOffset u32: its number of elements
 * @param packetOffset u32: its id
 * @param totalOffset u32: packets expected in a frame
 * @param tableOffset u64 for each id: the frame number of the packet of that id that arrived last
 * @param tableLength number of ids, which start at 0
 */
public record PacketLayout(
        int positionOffset, int countOffset, int packetOffset, int totalOffset, int tableOffset, int tableLength) {}
