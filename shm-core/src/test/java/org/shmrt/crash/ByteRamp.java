package org.shmrt.crash;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/**
 * Frames of bytes that encode their count: byte i of frame n is n + i. In a rolling cube each slice is the ramp of the
 * last count that was written to it.
 */
final class ByteRamp {
    private final int frameBytes;
    private final int sliceBytes;

    ByteRamp(StreamSpec spec) {
        this.frameBytes = (int) spec.shape().byteSize(spec.type());
        this.sliceBytes = spec.rolling() ? frameBytes / slices(spec) : 0;
    }

    private static int slices(StreamSpec spec) {
        // numpy order: the slices are along the first axis
        return (int) spec.shape().lengths()[0];
    }

    /** Creates a stream and writes its first frames. */
    static ImageStream createStream(Path path, StreamSpec spec, int frames) {
        ImageStream stream = ImageStream.create(path, spec);
        try (FrameWriter writer = stream.writer()) {
            ByteRamp ramp = new ByteRamp(spec);
            for (int count = 1; count <= frames; count++) {
                ramp.write(writer, count);
            }
        }
        return stream;
    }

    /** The frame, or slice, of a count. */
    MemorySegment of(long count) {
        byte[] bytes = new byte[sliceBytes > 0 ? sliceBytes : frameBytes];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (count + i);
        }
        return MemorySegment.ofArray(bytes);
    }

    /** Writes the frame of a count and returns the count that the writer assigned. */
    long write(FrameWriter writer, long count) {
        return sliceBytes > 0 ? writer.writeSlice(of(count)) : writer.write(of(count));
    }

    /** Whether every byte belongs to this count; in a complete cube each slice may belong to an earlier one. */
    boolean isWhole(MemorySegment frame, long count) {
        if (frame.byteSize() == sliceBytes || sliceBytes == 0) {
            return isRamp(frame, count);
        }
        boolean hasNewest = false;
        for (int at = 0; at < frameBytes; at += sliceBytes) {
            MemorySegment slice = frame.asSlice(at, sliceBytes);
            long own = slice.get(ValueLayout.JAVA_BYTE, 0) & 0xff;
            hasNewest |= own == count && isRamp(slice, own);
            if (own > count || (own > 0 && !isRamp(slice, own))) {
                return false;
            }
        }
        return hasNewest;
    }

    private static boolean isRamp(MemorySegment frame, long count) {
        for (long i = 0; i < frame.byteSize(); i++) {
            if (frame.get(ValueLayout.JAVA_BYTE, i) != (byte) (count + i)) {
                return false;
            }
        }
        return true;
    }
}
