package org.shmrt.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.posix.MappedFile;

/**
 * Progress that the processes of one run share, in a file of 64-bit words; {@code torture_peer.py} has the same layout.
 * Each reader stores the count of the last frame it has seen, so that a writer can pause until all readers have seen
 * its last frame: a reader that never does has missed a wake-up.
 */
final class SharedProgress {
    /** The value of a limit that is not known yet. */
    static final long NO_LIMIT = Long.MAX_VALUE;

    private static final long BYTES = 4096;
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final long EXACT_OFFSET = 0;
    private static final long TOKENS_OFFSET = 8;
    private static final long LAST_OFFSET = 16;
    private static final long SEEN_STRIDE = 64;

    private final MemorySegment words;

    private SharedProgress(MemorySegment words) {
        this.words = words;
    }

    static SharedProgress create(Path path, Arena arena) {
        try {
            Files.write(path, new byte[(int) BYTES]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open(path, arena);
    }

    static SharedProgress open(Path path, Arena arena) {
        return new SharedProgress(MappedFile.readWrite(path, arena).segment());
    }

    /** Up to this frame the writer waits for the readers before it overwrites a frame that one of them has not seen. */
    long exactUpTo() {
        return (long) WORD.getAcquire(words, EXACT_OFFSET);
    }

    void exactUpTo(long count) {
        WORD.setRelease(words, EXACT_OFFSET, count);
    }

    /** Up to this frame every frame adds a token to every semaphore. */
    long tokensUpTo() {
        return (long) WORD.getAcquire(words, TOKENS_OFFSET);
    }

    void tokensUpTo(long count) {
        WORD.setRelease(words, TOKENS_OFFSET, count);
    }

    /** The last frame of the run, stored before it is written; -1 until then. */
    long last() {
        return (long) WORD.getAcquire(words, LAST_OFFSET);
    }

    void last(long count) {
        WORD.setRelease(words, LAST_OFFSET, count);
    }

    /** The last frame that a reader has seen. */
    long seen(int reader) {
        return (long) WORD.getAcquire(words, SEEN_STRIDE * (reader + 1));
    }

    void seen(int reader, long count) {
        WORD.setRelease(words, SEEN_STRIDE * (reader + 1), count);
    }
}
