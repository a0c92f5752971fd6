package org.shmrt.relay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.format.KeywordLayout;

/** Notices changes of a keyword table by comparing its bytes with a private copy. For one thread. */
final class KeywordWatch {
    private final MemorySegment file;
    private final long offset;
    private final long bytes;
    private MemorySegment seen;
    private MemorySegment now;

    KeywordWatch(MemorySegment file, KeywordLayout layout) {
        this.file = file;
        this.offset = layout.offset();
        this.bytes = (long) layout.count() * layout.stride();
        this.seen = Arena.ofAuto().allocate(Math.max(1, bytes));
        this.now = Arena.ofAuto().allocate(Math.max(1, bytes));
        hasChanged();
    }

    /** Whether a byte of the table differs from the last call. */
    boolean hasChanged() {
        if (bytes == 0) {
            return false;
        }
        GuardedCopy.copy(file, offset, now, 0, bytes);
        Faults.poll();
        if (GuardedCopy.isEqual(now, 0, seen, 0, bytes)) {
            return false;
        }
        MemorySegment former = seen;
        seen = now;
        now = former;
        return true;
    }
}
