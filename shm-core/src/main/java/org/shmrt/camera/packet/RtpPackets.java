package org.shmrt.camera.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;
import org.shmrt.camera.FrameFormat;
import org.shmrt.memory.DataType;

/**
 * RTP packets with lines of raw video.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4175">RFC 4175</a>
 */
final class RtpPackets implements PacketFormat {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final double CLOCK_HZ = 90_000;
    private static final int FIXED_HEADER_BYTES = 12;
    private static final int EXTENDED_SEQUENCE_BYTES = 2;
    private static final int LINE_HEADER_BYTES = 6;

    /** The pixels of the sender. */
    enum Sampling {
        RGB,
        BGR,
        MONO,
        /** Two pixels in four bytes, of which the second and the fourth are the luma. */
        UYVY;

        static Sampling of(String text) {
            for (Sampling sampling : values()) {
                if (sampling.name().equals(text.toUpperCase(Locale.ROOT))) {
                    return sampling;
                }
            }
            throw new IllegalArgumentException("udp: sampling=" + text
                    + " is unknown: use rgb, bgr, mono or uyvy (YCbCr-4:2:2, of which the luma" + " is taken)");
        }
    }

    private final Sampling sampling;
    private final PixelCopy pixels;
    private final long width;
    private final long height;
    /** Bytes of a pixel in the packet, and in the frame. */
    private final int sentBytes;

    private final int keptBytes;
    private final double frameStep;
    private long timestamp;
    private int sequence;
    private int lines;
    private long kept;

    RtpPackets(FrameFormat format, Sampling sampling) {
        this.sampling = sampling;
        boolean isColour = sampling == Sampling.RGB || sampling == Sampling.BGR;
        DataType type = format.type();
        boolean fits = isColour
                ? format.pixels() == FrameFormat.Pixels.RGB && type == DataType.UINT8
                : format.shape().rank() == 2
                        && (type == DataType.UINT8 || (type == DataType.UINT16 && sampling == Sampling.MONO));
        if (!fits) {
            throw new IllegalArgumentException("udp: frames of " + format + " cannot come from sampling="
                    + sampling.name().toLowerCase(Locale.ROOT)
                    + ": colours are ROWSxCOLSx3 uint8, luma is ROWSxCOLS uint8, mono is uint8 or uint16");
        }
        this.height = format.shape().length(0);
        this.width = format.shape().length(1);
        this.keptBytes = isColour ? 3 : type.itemBytes();
        this.sentBytes = sampling == Sampling.UYVY ? 2 : keptBytes;
        this.pixels = new PixelCopy(ByteOrder.BIG_ENDIAN, isColour ? 1 : type.itemBytes());
        this.frameStep =
                format.rateHz().isPresent() ? CLOCK_HZ / format.rateHz().getAsDouble() : 0;
    }

    @Override
    public boolean parse(MemorySegment packet, int length) {
        if (length < FIXED_HEADER_BYTES) {
            return false;
        }
        int first = packet.get(ValueLayout.JAVA_BYTE, 0) & 0xff;
        int header = FIXED_HEADER_BYTES + 4 * (first & 0xf);
        if (first >> 6 != 2) {
            return false;
        }
        if ((first & 0x10) != 0) {
            if (length < header + 4) {
                return false;
            }
            header += 4 + 4 * (packet.get(SHORT, header + 2) & 0xffff);
        }
        sequence = packet.get(SHORT, 2) & 0xffff;
        timestamp = packet.get(INT, 4) & 0xffff_ffffL;
        lines = header + EXTENDED_SEQUENCE_BYTES;
        return checkLines(packet, length);
    }

    /** Adds up the pixels of the lines; false if one is not inside the frame. */
    private boolean checkLines(MemorySegment packet, int length) {
        kept = 0;
        int at = lines;
        int data = dataStart(packet, length);
        if (data < 0) {
            return false;
        }
        boolean more = true;
        while (more) {
            int bytes = packet.get(SHORT, at) & 0xffff;
            int line = packet.get(SHORT, at + 2);
            int offset = packet.get(SHORT, at + 4);
            more = offset < 0;
            // a set top bit of the line is the second field of interlaced video
            if (line < 0 || line >= height || bytes % sentBytes != 0) {
                return false;
            }
            long count = bytes / sentBytes;
            if ((offset & 0x7fff) + count > width || (sampling == Sampling.UYVY && ((offset | count) & 1) != 0)) {
                return false;
            }
            kept += count * keptBytes;
            data += bytes;
            at += LINE_HEADER_BYTES;
        }
        return data <= length && kept > 0;
    }

    /** Where the pixels of the first line begin; -1 if the line headers do not end. */
    private int dataStart(MemorySegment packet, int length) {
        int at = lines;
        while (at + LINE_HEADER_BYTES <= length) {
            at += LINE_HEADER_BYTES;
            if (packet.get(SHORT, at - 2) >= 0) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public long frame() {
        return timestamp;
    }

    @Override
    public int frameBits() {
        return 32;
    }

    @Override
    public double frameStep() {
        return frameStep;
    }

    @Override
    public int index() {
        return sequence;
    }

    @Override
    public int total() {
        return 0;
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    public long payloadBytes() {
        return kept;
    }

    @Override
    public void store(MemorySegment packet, MemorySegment frame) {
        int at = lines;
        long data = dataStart(packet, Integer.MAX_VALUE);
        boolean more = true;
        while (more) {
            int bytes = packet.get(SHORT, at) & 0xffff;
            int line = packet.get(SHORT, at + 2);
            int offset = packet.get(SHORT, at + 4);
            more = offset < 0;
            long to = (line * width + (offset & 0x7fff)) * keptBytes;
            switch (sampling) {
                case RGB, MONO -> pixels.copy(packet, data, frame, to, bytes);
                case BGR -> {
                    for (int i = 0; i < bytes; i += 3) {
                        frame.set(ValueLayout.JAVA_BYTE, to + i, packet.get(ValueLayout.JAVA_BYTE, data + i + 2));
                        frame.set(ValueLayout.JAVA_BYTE, to + i + 1, packet.get(ValueLayout.JAVA_BYTE, data + i + 1));
                        frame.set(ValueLayout.JAVA_BYTE, to + i + 2, packet.get(ValueLayout.JAVA_BYTE, data + i));
                    }
                }
                case UYVY -> {
                    for (int i = 0; i < bytes; i += 2) {
                        frame.set(ValueLayout.JAVA_BYTE, to + i / 2, packet.get(ValueLayout.JAVA_BYTE, data + i + 1));
                    }
                }
            }
            data += bytes;
            at += LINE_HEADER_BYTES;
        }
    }

    @Override
    public int payloadStart(MemorySegment packet) {
        return -1;
    }
}
