package org.shmrt.stream.inspect;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.error.BusyException;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.Semaphore;

/** Reads semaphores as bytes: glibc stores the value and the number of waiters in the first two words. Stateless. */
final class SemaphoreReader {
    private static final int BYTES = 12;

    private SemaphoreReader() {}

    /** A semaphore in mapped memory, with the processes from the tables of the stream. */
    static SemaphoreState in(MemorySegment memory, long offset, int readerPid, int writerPid) {
        return new SemaphoreState(
                memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset),
                memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset + 4),
                Semaphore.isSharedWord(memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset + Semaphore.SHARED_WORD)),
                Math.max(0, readerPid),
                Math.max(0, writerPid),
                false);
    }

    /** Whether there is a semaphore of a name. Takes less time than reading its state. */
    static boolean exists(String name) {
        return Files.isRegularFile(Semaphore.file(name));
    }

    /** A named semaphore; null if it does not exist or may not be read. */
    static SemaphoreState named(String name) {
        Path file = Semaphore.file(name);
        // Opening a pipe of that name would block.
        if (!Files.isRegularFile(file)) {
            return null;
        }
        byte[] words = new byte[BYTES];
        // Not a channel: its set-up takes as long as all the rest, and there are ten semaphores for each listed stream.
        try (InputStream in = FileOpening.plainStream(file)) {
            if (in.readNBytes(words, 0, words.length) < words.length) {
                return null;
            }
        } catch (IOException | BusyException e) {
            return null;
        }
        return in(MemorySegment.ofArray(words), 0, 0, 0);
    }
}
