package org.shmrt.array;

import org.shmrt.posix.MappedMemory;

/**
 * Expected use of an array's memory, which {@link SharedArray#advise(MemoryAdvice)} passes to the kernel.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2)</a>
 */
public enum MemoryAdvice {
    /** No special treatment: the kernel's default. */
    NORMAL(MappedMemory.Advice.NORMAL),
    /** Accessed from the first byte to the last: the kernel reads ahead. */
    SEQUENTIAL(MappedMemory.Advice.SEQUENTIAL),
    /** Accessed in random order: the kernel does not read ahead. */
    RANDOM(MappedMemory.Advice.RANDOM),
    /** Accessed soon: the kernel may read it now. */
    WILL_NEED(MappedMemory.Advice.WILL_NEED),
    /** Backed by huge pages if the file system supports them. */
    HUGE_PAGES(MappedMemory.Advice.HUGE_PAGES);

    private final MappedMemory.Advice nativeAdvice;

    MemoryAdvice(MappedMemory.Advice nativeAdvice) {
        this.nativeAdvice = nativeAdvice;
    }

    MappedMemory.Advice nativeAdvice() {
        return nativeAdvice;
    }
}
