package org.shmrt.stream.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FutexSemaphore;
import org.shmrt.posix.Semaphore;

/**
 * Semaphores that lie one after the other in one mapped segment, as in milk's files. Scans all of them through that
 * segment. To load the value of each {@link Semaphore} by itself would load its object, segment and session first, which
 * takes longer than loading the words.
 *
 * <p>For the only thread that posts. No call blocks, allocates, or polls for faults: the caller does, see
 * {@link Faults#poll()}, before it makes a system call because of a result. A result is a set of semaphores, bit i for
 * semaphore i.
 */
final class SemaphoreRow {
    /**
     * Plain accesses: opaque ones are compiler barriers, after which segment and session are checked again for each word.
     * The fences between the steps order the loads of one step before those of the next.
     */
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment memory;
    private final int count;

    private SemaphoreRow(MemorySegment memory, int count) {
        this.memory = memory;
        this.count = count;
    }

    /**
     * The row of semaphores in a segment.
     *
     * @param file the segment
     * @param offset position of the first one
     * @param count how many there are
     * @return the row; empty if a long has too few bits for them, or if the C library is not glibc
     */
    static Optional<SemaphoreRow> of(MemorySegment file, long offset, int count) {
        if (!Semaphore.VALUE_IN_FIRST_WORD || count > Long.SIZE) {
            return Optional.empty();
        }
        long bytes = (long) count * Semaphore.BYTES;
        return Optional.of(new SemaphoreRow(file.asSlice(offset, bytes, Long.BYTES), count));
    }

    /** Those whose value, as an unsigned number, is below the cap. One load for each. */
    long below(int cap) {
        MemorySegment words = memory;
        long below = 0;
        for (int i = 0; i < count; i++) {
            int value = word(words, (long) i * Semaphore.BYTES);
            below |= Integer.compareUnsigned(value, cap) < 0 ? 1L << i : 0;
        }
        return below;
    }

    /**
     * First step of a post, see {@link Semaphore#postFromZero()}: sets the value of those candidates to 1 whose value
     * is 0 and which are valid. Earlier stores, of the frame's counter for example, become visible before these.
     *
     * @return those that were set
     */
    long postFromZero(long candidates) {
        // A fence instead of ordered stores, which are barriers to the compiler as well.
        VarHandle.releaseFence();
        MemorySegment words = memory;
        long posted = 0;
        for (long left = candidates; left != 0; left &= left - 1) {
            int index = Long.numberOfTrailingZeros(left);
            long offset = (long) index * Semaphore.BYTES;
            if (word(words, offset) == 0 && Semaphore.isSharedWord(word(words, offset + Semaphore.SHARED_WORD))) {
                WORD.set(words, offset, 1);
                posted |= 1L << index;
            }
        }
        return posted;
    }

    /** Second step, after a full fence: those candidates on which a thread waits. */
    long withWaiters(long candidates) {
        MemorySegment words = memory;
        long waiting = 0;
        for (long left = candidates; left != 0; left &= left - 1) {
            int index = Long.numberOfTrailingZeros(left);
            waiting |=
                    word(words, (long) index * Semaphore.BYTES + FutexSemaphore.WAITERS_OFFSET) != 0 ? 1L << index : 0;
        }
        return waiting;
    }

    private static int word(MemorySegment words, long offset) {
        return (int) WORD.get(words, offset);
    }
}
