package org.shmrt.stream.format;

/**
 * Where a stream notes frames that are written in packets. All offsets are relative to the slot's header.
 *
 * @param positionOffset u32: first element of the last packet
 * @param countOffset u32: its number of elements
 * @param packetOffset u32: its id
 * @param totalOffset u32: packets expected in a frame
 * @param tableOffset u64 for each id: the frame number of the packet of that id that came last
 * @param tableLength ids possible, from 0
 */
public record PacketLayout(
        int positionOffset, int countOffset, int packetOffset, int totalOffset, int tableOffset, int tableLength) {}
