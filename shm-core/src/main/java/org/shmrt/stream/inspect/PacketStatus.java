package org.shmrt.stream.inspect;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.PacketWriter;
import org.shmrt.stream.engine.HeaderWords;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.stream.format.PacketLayout;
import org.shmrt.stream.format.StreamLayout;

/**
 * What a slot's header says of the packets its frame came in. Immutable. The table keeps, for each packet id, the frame
 * number of the packet that came last, and nothing clears it between frames; so a packet is missing from a frame while
 * its entry bears another number. A packet that came twice leaves no trace: only the {@link PacketWriter} knows.
 *
 * @param slot the slot looked at
 * @param frameNumber the sender's number of the frame, that of the packet written last
 * @param total packets expected
 * @param lastPacket id of the packet written last
 * @param lastPosition first element of that packet
 * @param lastCount its number of elements
 * @param missing ids of packets that have not come, in ascending order
 * @param late ids among the missing whose entry bears a higher frame number: packets of a later frame already
 * @param outOfOrder whether packets are known to have come out of order: the last one written is not the one with the
 *     highest id of those that have come. A frame that its last packet completed at the end looks like one in order
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

    /** Keeps copies of the lists. */
    public PacketStatus {
        missing = List.copyOf(missing);
        late = List.copyOf(late);
    }

    /**
     * Looks at the frame published last.
     *
     * @param stream the stream
     * @return what its header says, or null if it was not written in packets, or the format has none
     */
    public static PacketStatus newest(ImageStream stream) {
        StreamLayout layout = stream.layout();
        return stream.look(file -> of(file, layout, new SlotHeaders(file, layout, 0).newestSlotAcquire()));
    }

    /**
     * Looks at the frame that is being written, or will be next: the slot after the newest. At depth 1 that is the
     * newest itself.
     *
     * @param stream the stream
     * @return what its header says, or null if it was never written in packets, or the format has none
     */
    public static PacketStatus inProgress(ImageStream stream) {
        StreamLayout layout = stream.layout();
        return stream.look(file -> {
            SlotHeaders headers = new SlotHeaders(file, layout, 0);
            return of(file, layout, headers.after(headers.newestSlotAcquire()));
        });
    }

    /** What a slot's header says; any bytes may be there. */
    public static PacketStatus of(MemorySegment file, StreamLayout layout, int slot) {
        PacketLayout packets = layout.packets();
        if (packets == null) {
            return null;
        }
        long header = layout.headerOffset(slot);
        long total = word(file, header + packets.totalOffset());
        long last = word(file, header + packets.packetOffset());
        if (total == 0 || last >= packets.tableLength()) {
            return null;
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
        return new PacketStatus(
                slot,
                frameNumber,
                total,
                last,
                word(file, header + packets.positionOffset()),
                word(file, header + packets.countOffset()),
                missing,
                late,
                highest > last);
    }

    private static long word(MemorySegment file, long offset) {
        return Integer.toUnsignedLong(file.get(ValueLayout.JAVA_INT, offset));
    }

    /**
     * Whether every packet has come.
     *
     * @return true if none is missing
     */
    public boolean isComplete() {
        return missing.isEmpty();
    }
}
