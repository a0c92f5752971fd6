package org.shmrt.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * What a named semaphore says, read from its file without opening it as a semaphore: glibc keeps the value and
 * the number of waiters in its first two words.
 *
 * @param value its value
 * @param waiters how many threads sleep on it
 */
public record SemaphoreState(int value, int waiters) {
    /**
     * Looks at a semaphore.
     *
     * @param name without a leading slash
     * @return its state, or null if there is none or it may not be read
     */
    public static SemaphoreState ofOrNull(String name) {
        ByteBuffer words = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel file = FileChannel.open(Semaphore.file(name), StandardOpenOption.READ)) {
            while (words.hasRemaining()) {
                if (file.read(words) < 0) {
                    return null;
                }
            }
        } catch (IOException e) {
            return null;
        }
        return new SemaphoreState(words.getInt(0), words.getInt(4));
    }
}
