package org.shmrt.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.shmrt.error.ShmException;

/**
 * Copies bytes between Java's streams and memory, in chunks: the memory may be shared, or larger than a Java array can
 * be.
 */
public final class Bytes {
    private static final int CHUNK_BYTES = 256 << 10;
    /** Memory allocated for a stream of unverified length before any of its bytes have arrived. */
    private static final long FIRST_BYTES = 4 << 20;

    private static final long ALIGNMENT = 64;

    private Bytes() {}

    /**
     * Writes memory to a stream.
     *
     * @param out the stream
     * @param data the bytes
     * @throws IOException if writing fails
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
     * @throws IOException if reading fails
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
     * Allocates memory that is freed when nothing refers to it any more.
     *
     * @param bytes its size
     * @param name name of the file that needs it, for messages
     * @return the memory, all zero, aligned to 64 bytes
     * @throws ShmException if there is not enough memory
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

    /** Creates the exception for an input that ended too early. */
    @FunctionalInterface
    public interface Shortage {
        /**
         * Creates the exception.
         *
         * @param bytes number of bytes that the input had
         * @return the exception to throw
         */
        ShmException found(long bytes);
    }

    /**
     * Reads an exact number of bytes from a stream that may have fewer. The number may come from the stream's own
     * header: memory grows only as bytes arrive.
     *
     * @param in the input
     * @param bytes how many bytes are expected
     * @param name name of the file, for messages
     * @param shortage creates the exception if there are fewer
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
