package org.shmrt.camera.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.shmrt.camera.FrameFormat;

/** Packets with a header of fixed fields. */
final class FieldPackets implements PacketFormat {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PacketDescription description;
    private final boolean swapsFields;
    private final PixelCopy pixels;
    private final long frameBytes;
    private final int itemBytes;
    private final int fixedTotal;
    private long frame;
    private int index;
    private int total;
    private long position;
    private long payload;

    FieldPackets(PacketDescription description, FrameFormat format) {
        this.description = description;
        this.swapsFields = description.order() == ByteOrder.BIG_ENDIAN;
        this.pixels = new PixelCopy(description.pixelOrder(), format.type().componentBytes());
        this.frameBytes = format.frameBytes();
        this.itemBytes = format.type().itemBytes();
        int size = description.payloadBytes();
        if (size % itemBytes != 0) {
            throw new IllegalArgumentException(
                    "udp: payload=" + size + " does not consist of whole " + format.type() + " elements");
        }
        long derived = size > 0 ? (frameBytes + size - 1) / size : 0;
        if (derived > MAX_PACKETS) {
            throw new IllegalArgumentException("udp: a frame of " + frameBytes + " bytes has " + derived
                    + " packets of payload=" + size + ", and the limit is " + MAX_PACKETS);
        }
        this.fixedTotal = description.packets() > 0 ? description.packets() : (int) derived;
    }

    private long read(MemorySegment packet, PacketDescription.Field field) {
        return switch (field.bytes()) {
            case 1 -> packet.get(ValueLayout.JAVA_BYTE, field.at()) & 0xff;
            case 2 -> {
                short value = packet.get(SHORT, field.at());
                yield (swapsFields ? Short.reverseBytes(value) : value) & 0xffff;
            }
            case 4 -> {
                int value = packet.get(INT, field.at());
                yield (swapsFields ? Integer.reverseBytes(value) : value) & 0xffff_ffffL;
            }
            default -> {
                long value = packet.get(LONG, field.at());
                yield swapsFields ? Long.reverseBytes(value) : value;
            }
        };
    }

    @Override
    public boolean parse(MemorySegment packet, int length) {
        payload = (long) length - description.headerBytes() - description.trailerBytes();
        if (payload <= 0 || payload % itemBytes != 0) {
            return false;
        }
        frame = read(packet, description.frame());
        long id = read(packet, description.packet()) - description.firstPacket();
        long given = description.total().exists() ? read(packet, description.total()) : fixedTotal;
        if (id < 0 || id >= MAX_PACKETS || given < 0 || given > MAX_PACKETS || (given > 0 && id >= given)) {
            return false;
        }
        index = (int) id;
        total = (int) given;
        position = description.offset().exists()
                ? read(packet, description.offset()) * description.offsetUnit()
                : id * description.payloadBytes();
        return position >= 0 && position <= frameBytes - payload && position % itemBytes == 0;
    }

    @Override
    public long frame() {
        return frame;
    }

    @Override
    public int frameBits() {
        return description.frame().bytes() * 8;
    }

    @Override
    public double frameStep() {
        return 1;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int total() {
        return total;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public long payloadBytes() {
        return payload;
    }

    @Override
    public void store(MemorySegment packet, MemorySegment to) {
        pixels.copy(packet, description.headerBytes(), to, position, payload);
    }

    @Override
    public int payloadStart(MemorySegment packet) {
        int start = description.headerBytes();
        if (!pixels.isPlain()) {
            pixels.copy(packet, start, packet, start, payload);
        }
        return start;
    }
}
