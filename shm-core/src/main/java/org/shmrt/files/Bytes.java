package org.shmrt.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.shmrt.error.ShmException;

/**
 * Moves bytes between Java's streams and memory of any size, in chunks: memory may be shared, or more than a
 * Java array can hold.
 */
public final class Bytes {
    private static final int CHUNK_BYTES = 256 << 10;
    /** What a stream of unknown length is trusted to hold before it has shown more. */
    private static final long FIRST_BYTES = 4 << 20;

    private static final long ALIGNMENT = 64;

    private Bytes() {}

    /**
     * Writes memory.
     *
     * @param out where to
     * @param data the bytes
     * @throws IOException if that fails
     */
    public static void write(OutputStream out, MemorySegment data) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, data.byteSize())];
        for (long at = 0; at < data.byteSize(); at += chunk.length) {
            int count = (int) Math.min(chunk.length, data.byteSize() - at);
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, chunk, 0, count);
            out.write(chunk, 0, count);
        }
    }

    /**
     * Reads until the memory is full or the input ends.
     *
     * @param in the input
     * @param into the memory
     * @return bytes read
     * @throws IOException if that fails
     */
    public static long fill(InputStream in, MemorySegment into) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, into.byteSize())];
        long at = 0;
        while (at < into.byteSize()) {
            int count = in.read(chunk, 0, (int) Math.min(chunk.length, into.byteSize() - at));
            if (count < 0) {
                break;
            }
            MemorySegment.copy(chunk, 0, into, ValueLayout.JAVA_BYTE, at, count);
            at += count;
        }
        return at;
    }

    /**
     * Memory that lives as long as somebody refers to it.
     *
     * @param bytes how much
     * @param name of the file that needs it
     * @return the memory, all 0, aligned to 64 bytes
     * @throws ShmException if there is not enough
     */
    public static MemorySegment allocate(long bytes, String name) {
        return allocate(Arena.ofAuto(), bytes, name);
    }

    private static MemorySegment allocate(Arena arena, long bytes, String name) {
        try {
            return arena.allocate(bytes, ALIGNMENT);
        } catch (OutOfMemoryError e) {
            throw new ShmException(
                    "cannot read " + name + ": not enough memory for " + bytes
                            + " bytes, give Java more with -XX:MaxDirectMemorySize=SIZE",
                    e);
        }
    }

    /** Says how many bytes there were when the input ended too early. */
    @FunctionalInterface
    public interface Shortage {
        /**
         * The input ended.
         *
         * @param bytes what there was
         * @return what to throw
         */
        ShmException found(long bytes);
    }

    /**
     * Reads exactly so many bytes from a stream that may hold fewer: memory grows only as bytes arrive.
     *
     * @param in the input
     * @param bytes how many are expected, whoever says so
     * @param name for messages
     * @param shortage makes the exception when there are fewer
     * @return the bytes
     * @throws IOException if reading fails
     */
    public static MemorySegment readGrowing(InputStream in, long bytes, String name, Shortage shortage)
            throws IOException {
        Arena scratch = null;
        try {
            MemorySegment have = MemorySegment.NULL;
            while (true) {
                long capacity = Math.min(bytes, Math.max(FIRST_BYTES, have.byteSize() * 2));
                Arena next = capacity == bytes ? Arena.ofAuto() : Arena.ofConfined();
                Arena previous = scratch;
                scratch = capacity == bytes ? null : next;
                MemorySegment larger;
                try {
                    larger = allocate(next, capacity, name);
                    MemorySegment.copy(have, 0, larger, 0, have.byteSize());
                } finally {
                    if (previous != null) {
                        previous.close();
                    }
                }
                long found = have.byteSize() + fill(in, larger.asSlice(have.byteSize()));
                if (found < capacity) {
                    throw shortage.found(found);
                }
                if (capacity == bytes) {
                    return larger;
                }
                have = larger;
            }
        } finally {
            if (scratch != null) {
                scratch.close();
            }
        }
    }
}
