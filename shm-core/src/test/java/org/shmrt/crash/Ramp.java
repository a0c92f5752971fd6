package org.shmrt.crash;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.format.StreamSpec;

/**
 * Frames of bytes that tell their count: byte i of frame n is n + i. In a rolling cube slice s is that of the latest
 * count whose turn it was.
 */
final class Ramp {
    private final int frameBytes;
    private final int sliceBytes;

    Ramp(StreamSpec spec) {
        this.frameBytes = (int) spec.shape().byteSize(spec.type());
        this.sliceBytes = spec.rolling() ? frameBytes / slices(spec) : 0;
    }

    private static int slices(StreamSpec spec) {
        // numpy order: the slices are along the first axis
        return (int) spec.shape().lengths()[0];
    }

    /** The frame, or slice, of a count. */
    MemorySegment of(long count) {
        byte[] bytes = new byte[sliceBytes > 0 ? sliceBytes : frameBytes];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (count + i);
        }
        return MemorySegment.ofArray(bytes);
    }

    /** Writes the frame of a count, and tells the count it got. */
    long write(FrameWriter writer, long count) {
        return sliceBytes > 0 ? writer.writeSlice(of(count)) : writer.write(of(count));
    }

    /** Whether every byte is of this count; in a whole cube, of this or an earlier one for each slice. */
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
