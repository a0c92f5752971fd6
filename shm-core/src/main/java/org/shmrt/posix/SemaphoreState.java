package org.shmrt.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

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
        return new SemaphoreState(memory.get(ValueLayout.JAVA_INT, offset),
                memory.get(ValueLayout.JAVA_INT, offset + 4),
                Semaphore.isSharedWord(memory.get(ValueLayout.JAVA_INT, offset + Semaphore.SHARED_WORD)), 0, 0);
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
     * Looks at a semaphore.
     *
     * @param name without a leading slash
     * @return its state, or null if there is none or it may not be read
     */
    public static SemaphoreState ofOrNull(String name) {
        ByteBuffer words = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel file = FileChannel.open(Semaphore.file(name), StandardOpenOption.READ)) {
            while (words.hasRemaining()) {
                if (file.read(words) < 0) {
                    return null;
                }
            }
        } catch (IOException e) {
            return null;
        }
        return new SemaphoreState(words.getInt(0), words.getInt(4),
                Semaphore.isSharedWord(words.getInt(Semaphore.SHARED_WORD)), 0, 0);
    }
}
