package org.shmrt.cli.frame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.shmrt.error.ShmException;

/** Memory into which verbs copy frames; the garbage collector frees it. */
public final class FrameMemory {
    private static final int ALIGNMENT_BYTES = 8;

    private FrameMemory() {}

    /** Memory for frames of one size. */
    public static MemorySegment allocate(long frameBytes, int frames) {
        try {
            return Arena.ofAuto().allocate(Math.multiplyExact(frameBytes, (long) frames), ALIGNMENT_BYTES);
        } catch (OutOfMemoryError | IllegalArgumentException | ArithmeticException e) {
            throw new ShmException(
                    "not enough memory for " + frames + " x " + frameBytes
                            + " bytes: read fewer frames at a time, or write them to standard output with --out -",
                    e);
        }
    }
}
