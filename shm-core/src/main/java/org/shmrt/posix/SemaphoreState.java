package org.shmrt.posix;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a semaphore says, read without opening it as a semaphore: glibc keeps the value and the number of waiters in
 * its first two words.
 *
 * @param value its value
 * @param waiters how many threads sleep on it
 * @param sound whether the words can be those of a semaphore, see {@link Semaphore#isSound()}
 * @param readerPid process that reserved it for its waits, 0 if none is known
 * @param writerPid process that posted it last, 0 if none is known
 */
public record SemaphoreState(int value, int waiters, boolean sound, int readerPid, int writerPid) {
    /**
     * Looks at a semaphore in mapped memory.
     *
     * @param memory where it lies
     * @param offset position in it, bytes
     * @return its state, of which the pids are not known
     */
    public static SemaphoreState in(MemorySegment memory, long offset) {
        return new SemaphoreState(
                memory.get(ValueLayout.JAVA_INT, offset),
                memory.get(ValueLayout.JAVA_INT, offset + 4),
                Semaphore.isSharedWord(memory.get(ValueLayout.JAVA_INT, offset + Semaphore.SHARED_WORD)),
                0,
                0);
    }

    /**
     * With what a table beside the semaphore says.
     *
     * @param newReaderPid process that reserved it, or 0
     * @param newWriterPid process that posted it last, or 0
     * @return a changed copy
     */
    public SemaphoreState withPids(int newReaderPid, int newWriterPid) {
        return new SemaphoreState(value, waiters, sound, newReaderPid, newWriterPid);
    }

    /**
     * Whether there is a semaphore of a name; cheaper than its state.
     *
     * @param name without a leading slash
     * @return true if there is a file for it
     */
    public static boolean exists(String name) {
        return file(name).isFile();
    }

    private static File file(String name) {
        return new File("/dev/shm/sem." + name);
    }

    /**
     * Looks at a semaphore.
     *
     * @param name without a leading slash
     * @return its state, or null if there is none or it may not be read
     */
    public static SemaphoreState ofOrNull(String name) {
        File file = file(name);
        // A pipe of that name would keep who opens it.
        if (!file.isFile()) {
            return null;
        }
        byte[] words = new byte[12];
        // Not a channel: the set-up of one costs as much as all else here, and a list of streams looks at ten a stream.
        try (FileInputStream in = new FileInputStream(file)) {
            if (in.readNBytes(words, 0, words.length) < words.length) {
                return null;
            }
        } catch (IOException e) {
            return null;
        }
        MemorySegment found = MemorySegment.ofArray(words);
        return new SemaphoreState(
                found.get(ValueLayout.JAVA_INT_UNALIGNED, 0),
                found.get(ValueLayout.JAVA_INT_UNALIGNED, 4),
                Semaphore.isSharedWord(found.get(ValueLayout.JAVA_INT_UNALIGNED, Semaphore.SHARED_WORD)),
                0,
                0);
    }
}
