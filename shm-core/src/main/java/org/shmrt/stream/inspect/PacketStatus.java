package org.shmrt.stream.inspect;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.stream.engine.HeaderWords;
import org.shmrt.stream.format.PacketLayout;
import org.shmrt.stream.format.StreamLayout;

/**
 * Which packets of a frame have arrived, as recorded in a slot's header. The packet table contains, for each packet id,
 * the frame number of the packet that arrived last, and is not cleared between frames. So a packet is missing from a
 * frame while its entry has another frame number. A packet that arrived twice cannot be detected. Immutable.
 *
 * @param slot the slot
 * @param frameNumber the sender's number of the frame, from the packet written last
 * @param total number of packets expected
 * @param lastPacket id of the packet written last
 * @param lastPosition first element of that packet
 * @param lastCount its number of elements
 * @param missing ids of packets that have not arrived, in ascending order
 * @param late ids among the missing whose entry has a higher frame number: they belong to a later frame
 * @param outOfOrder whether packets are known to have arrived out of order: the last one written does not have the
 *     highest id of those that have arrived. If the packet with the highest id arrived last, this cannot be detected
 */
public record PacketStatus(
        int slot,
        long frameNumber,
        long total,
        long lastPacket,
        long lastPosition,
        long lastCount,
        List<Integer> missing,
        List<Integer> late,
        boolean outOfOrder) {

    /** Creates a status with copies of the lists. */
    public PacketStatus {
        missing = List.copyOf(missing);
        late = List.copyOf(late);
    }

    /**
     * Reads the record in a slot's header. Safe with any bytes.
     *
     * @param file the whole file
     * @param layout its layout
     * @param slot 0 to depth - 1
     * @return empty if the slot's frame was not written in packets, or the format does not record them
     * @throws InternalError if another process truncated the file
     */
    public static Optional<PacketStatus> of(MemorySegment file, StreamLayout layout, int slot) {
        PacketLayout packets = layout.packets();
        if (packets == null) {
            return Optional.empty();
        }
        long header = layout.headerOffset(slot);
        long total = word(file, header + packets.totalOffset());
        long last = word(file, header + packets.packetOffset());
        if (total == 0 || last >= packets.tableLength()) {
            return Optional.empty();
        }
        long table = header + packets.tableOffset();
        long frameNumber = HeaderWords.longAcquire(file, table + 8 * last);
        List<Integer> missing = new ArrayList<>();
        List<Integer> late = new ArrayList<>();
        long highest = last;
        for (int id = 0; id < Math.min(total, packets.tableLength()); id++) {
            long number = HeaderWords.longAcquire(file, table + 8L * id);
            if (number != frameNumber) {
                missing.add(id);
                if (Long.compareUnsigned(number, frameNumber) > 0) {
                    late.add(id);
                }
            } else {
                highest = Math.max(highest, id);
            }
        }
        return Optional.of(new PacketStatus(
                slot,
                frameNumber,
                total,
                last,
                word(file, header + packets.positionOffset()),
                word(file, header + packets.countOffset()),
                missing,
                late,
                highest > last));
    }

    private static long word(MemorySegment file, long offset) {
        return Integer.toUnsignedLong(file.get(ValueLayout.JAVA_INT, offset));
    }

    /**
     * Whether all packets have arrived.
     *
     * @return true if none is missing
     */
    public boolean isComplete() {
        return missing.isEmpty();
    }
}
