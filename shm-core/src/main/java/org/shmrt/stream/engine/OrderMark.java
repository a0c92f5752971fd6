package org.shmrt.stream.engine;

import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;

/**
 * The mark that a writer stores in a padding byte next to the write flag if it published the frame in the strict order
 * (counter before flag). It is computed from the counter, so the mark is not valid for a later frame of a writer that
 * does not set marks. A writer erases its marks when it closes. Only after a writer was killed can a frame of another
 * program have a matching mark, in one of 128 cases. Other programs never read the padding.
 */
public final class OrderMark {
    private OrderMark() {}

    /** The mark of frame {@code cnt0}; never 0, the value of untouched padding. */
    public static byte of(long cnt0) {
        return (byte) (0x80 | (cnt0 & 0x7f));
    }

    /**
     * Erases the marks of all slots, when a writer ends: the next writer may not set marks, and one of 128 of its frames
     * would match an old mark.
     */
    public static void erase(MappedStream stream, SlotHeaders headers) {
        try {
            if (stream.fileState() != FileState.SAME) {
                return; // the file may contain another stream now, and these bytes may be its pixels
            }
            for (int slot = 0; slot < headers.depth(); slot++) {
                headers.mark(slot, (byte) 0);
            }
            Faults.poll();
        } catch (InternalError | IllegalStateException | ShmException e) {
            // The file was truncated or unmapped, and the marks with it.
        }
    }
}
