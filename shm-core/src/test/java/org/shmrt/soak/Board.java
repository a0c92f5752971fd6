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
 * Words that the processes of one run share, in a file beside the stream; {@code torture_peer.py} has the same. Each
 * reader says which frame it has seen, so that a writer can fall silent until all have seen its last one: a reader that
 * has not, asleep or not, has lost its wake-up.
 */
final class Board {
    /** For a word that says up to which count something holds, while it does. */
    static final long NO_LIMIT = Long.MAX_VALUE;

    private static final long BYTES = 4096;
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final long EXACT_AT = 0;
    private static final long TOKENS_AT = 8;
    private static final long LAST_AT = 16;
    private static final long FIRST_SEEN_AT = 64;

    private final MemorySegment words;

    private Board(MemorySegment words) {
        this.words = words;
    }

    static Board create(Path path, Arena arena) {
        try {
            Files.write(path, new byte[(int) BYTES]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open(path, arena);
    }

    static Board open(Path path, Arena arena) {
        return new Board(MappedFile.readWrite(path, arena).segment());
    }

    /** Up to this frame the writer waits for the readers so often that the stream holds all they have not seen. */
    long exactUpTo() {
        return (long) WORD.getAcquire(words, EXACT_AT);
    }

    void exactUpTo(long count) {
        WORD.setRelease(words, EXACT_AT, count);
    }

    /** Up to this frame each one leaves a token of its own in every semaphore. */
    long tokensUpTo() {
        return (long) WORD.getAcquire(words, TOKENS_AT);
    }

    void tokensUpTo(long count) {
        WORD.setRelease(words, TOKENS_AT, count);
    }

    /** The last frame of all, told before it is written; -1 until then. */
    long last() {
        return (long) WORD.getAcquire(words, LAST_AT);
    }

    void last(long count) {
        WORD.setRelease(words, LAST_AT, count);
    }

    /** The frame a reader has seen. */
    long seen(int reader) {
        return (long) WORD.getAcquire(words, FIRST_SEEN_AT * (reader + 1));
    }

    void seen(int reader, long count) {
        WORD.setRelease(words, FIRST_SEEN_AT * (reader + 1), count);
    }
}
