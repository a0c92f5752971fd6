package org.shmrt.stream.format.milk;

import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.PacketLayout;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamLayoutBuilder;
import org.shmrt.stream.format.TimeField;
import org.shmrt.stream.format.milk.MilkDescriptor.Variant;

/**
 * The properties of a milk stream from which its layout is built.
 *
 * @param name name in the header
 * @param type type of the elements
 * @param shape shape as numpy users see it: the axes in reverse
 * @param axes axis lengths as stored, the fastest first
 * @param regions the regions after the header
 */
record MilkLayout(String name, DataType type, Shape shape, List<Long> axes, MilkRegions regions) {
    private static final TimeField CREATED = timespec(MilkDescriptor.CREATION_TIME);
    private static final TimeField ACQUIRED = timespec(MilkDescriptor.ATIME);
    private static final TimeField WRITTEN = timespec(MilkDescriptor.WRITE_TIME);

    private static TimeField timespec(int offset) {
        return TimeField.at(offset, TimeField.Encoding.TIMESPEC);
    }

    /**
     * Builds the layout.
     *
     * @param version version text in the header
     * @param warnings irregularities of the header
     * @param location location of the pixels, as stored
     */
    StreamLayout of(String version, List<String> warnings, int location) {
        Variant variant = regions.variant;
        StreamLayoutBuilder builder = new StreamLayoutBuilder("milk", version + variant.suffix)
                .image(type, shape, axes)
                .storedName(name)
                .slots(1, variant.headerBytes, variant.headerBytes, regions.fileBytes)
                .progress(MilkDescriptor.WRITE, MilkDescriptor.ORDER_MARK, -1)
                .counters(MilkDescriptor.CNT0, MilkDescriptor.CNT1, MilkDescriptor.CNT2)
                .origin(MilkDescriptor.CREATOR_PID, CREATED, ACQUIRED)
                .clock(StreamClock.TAI, WRITTEN)
                .inode(MilkDescriptor.INODE)
                .keywords(regions.keywords)
                .semaphores(regions.semaphores)
                .past(regions.circular, regions.cube)
                .writers(regions.traces, regions.writeHistory)
                .warnings(warnings);
        if (variant == Variant.DAO_COMPAT) {
            int at = MilkDescriptor.PACKETS;
            builder.packets(new PacketLayout(at, at + 4, at + 8, at + 12, at + 16, MilkDescriptor.PACKET_IDS));
        }
        if (location != MilkDescriptor.LOCATION_CPU) {
            builder.headerOnly("its pixels are in the memory of GPU " + location + ", which ShmRT cannot read");
        }
        return builder.build();
    }
}
