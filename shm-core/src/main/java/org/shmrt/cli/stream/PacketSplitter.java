package org.shmrt.cli.stream;

import java.lang.foreign.MemorySegment;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.PacketWriter;
import org.shmrt.text.FileNames;

/** Writes frames in packets of almost equal size, in order. */
final class PacketSplitter {
    private final FrameWriter writer;
    private final PacketWriter packets;
    private final int total;
    private final long elements;
    private final int itemBytes;

    /** Refuses more packets than the stream can record, or than a frame has elements. */
    PacketSplitter(FrameWriter writer, int total) {
        this.writer = writer;
        this.packets = writer.packets();
        this.total = total;
        this.elements = writer.stream().shape().elementCount();
        this.itemBytes = writer.stream().type().itemBytes();
        if (total > packets.maxPackets() || total > elements) {
            throw new IllegalArgumentException("--packets " + total + ": a frame of "
                    + FileNames.text(writer.stream().path()) + " has " + elements
                    + " elements, and the stream can record " + packets.maxPackets() + " packets");
        }
    }

    void write(MemorySegment frame) {
        packets.begin(writer.stream().status().cnt0() + 1, total);
        for (int id = 0; id < total; id++) {
            long from = elements * id / total;
            long to = elements * (id + 1) / total;
            packets.write(id, from, frame.asSlice(from * itemBytes, (to - from) * itemBytes));
        }
        packets.finish();
    }
}
