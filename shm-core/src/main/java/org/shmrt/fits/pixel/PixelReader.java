package org.shmrt.fits.pixel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.posix.Faults;

/**
 * Reads plain pixels: a piece at a time straight into the memory that wants them, where its bytes are put in order
 * while they are still in the cache.
 */
public final class PixelReader {
    /** Larger than what a system call costs, smaller than the cache of a core. */
    static final int CHUNK_BYTES = 1 << 20;
    /** How far a loop may run over lost memory: some milliseconds. */
    private static final long FAULT_BYTES = 32 << 10;
    /** Below this the other threads would come too late. */
    private static final long WORTH_SHARING_BYTES = 16L << 20;
    /** A core cannot copy as fast as memory delivers, but a few can. */
    private static final int MOST_THREADS = 4;

    private final ByteSource source;
    private final Hdu hdu;
    private final PixelFormat format;

    public PixelReader(ByteSource source, Hdu hdu, PixelFormat format) {
        this.source = source;
        this.hdu = hdu;
        this.format = format;
    }

    /**
     * Reads what is wanted of the image.
     *
     * @param target native memory of exactly its bytes
     */
    public void read(ImageSection cut, MemorySegment target) {
        int itemBytes = format.type().itemBytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment scratch = format.scaled() ? arena.allocate(CHUNK_BYTES, Long.BYTES) : null;
            cut.forEachRun((element, count, done) -> {
                long offset = hdu.dataOffset() + element * format.storedBytes();
                MemorySegment part = target.asSlice(done * itemBytes, count * itemBytes);
                if (format.scaled()) {
                    scaled(offset, count, scratch, part);
                } else if (part.byteSize() >= WORTH_SHARING_BYTES && isShareable(part)) {
                    shared(offset, part);
                } else {
                    straight(offset, part);
                }
            });
        }
    }

    private boolean isShareable(MemorySegment part) {
        // An unstarted thread stands for any other: memory of a confined arena is this thread's alone.
        return source.isRandomAccess() && part.isAccessibleBy(new Thread());
    }

    private void shared(long offset, MemorySegment part) {
        int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        long chunks = (part.byteSize() + CHUNK_BYTES - 1) / CHUNK_BYTES;
        IntStream.range(0, threads).parallel().forEach(thread -> {
            long from = chunks * thread / threads * CHUNK_BYTES;
            long to = Math.min(part.byteSize(), chunks * (thread + 1) / threads * CHUNK_BYTES);
            straight(offset + from, part.asSlice(from, to - from));
        });
    }

    private void straight(long offset, MemorySegment part) {
        for (long at = 0; at < part.byteSize(); at += CHUNK_BYTES) {
            MemorySegment chunk = part.asSlice(at, Math.min(CHUNK_BYTES, part.byteSize() - at));
            fill(offset + at, chunk);
            swap(chunk);
        }
    }

    /**
     * In pieces: where the memory was cut off every store in a loop is a fault of its own, and the exception comes
     * when the loop has ended.
     */
    private void swap(MemorySegment chunk) {
        for (long at = 0; at < chunk.byteSize(); at += FAULT_BYTES) {
            ByteSwap.toNative(
                    chunk.asSlice(at, Math.min(FAULT_BYTES, chunk.byteSize() - at)),
                    format.storedBytes(),
                    format.flip());
            Faults.poll();
        }
    }

    private void scaled(long offset, long count, MemorySegment scratch, MemorySegment part) {
        int stored = format.storedBytes();
        int itemBytes = format.type().itemBytes();
        long most = scratch.byteSize() / stored;
        for (long at = 0; at < count; at += most) {
            long items = Math.min(most, count - at);
            MemorySegment chunk = scratch.asSlice(0, items * stored);
            MemorySegment pixels = part.asSlice(at * itemBytes, items * itemBytes);
            fill(offset + at * stored, chunk);
            ByteSwap.toNative(chunk, stored, format.flip());
            format.scale(chunk, pixels);
        }
    }

    private void fill(long offset, MemorySegment chunk) {
        long found = source.read(offset, chunk);
        if (found < chunk.byteSize()) {
            throw cutOff(hdu, offset + found - hdu.dataOffset());
        }
    }

    public static IncompatibleException cutOff(Hdu hdu, long found) {
        return new IncompatibleException("cannot read " + hdu.header().where() + ": its data is cut off, expected "
                + hdu.dataBytes() + " bytes, found " + found + "; copy it again, or wait until it is written");
    }
}
