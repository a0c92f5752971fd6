package org.shmrt.fits.pixel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Faults;

/**
 * Reads uncompressed pixels in chunks directly into the target memory, and converts each chunk while it is still in the
 * cache.
 */
public final class PlainReader implements PixelReader {
    /** Large compared with the cost of a system call, small compared with the cache of a core. */
    static final int CHUNK_BYTES = 1 << 20;
    /** How far a loop may run over truncated memory: some milliseconds. */
    private static final long FAULT_BYTES = 32 << 10;
    /** Below this size, other threads start too late to help. */
    private static final long MIN_PARALLEL_BYTES = 16L << 20;
    /** One core cannot saturate the memory, but a few can. */
    private static final int MAX_THREADS = 4;

    private final ByteSource source;
    private final Hdu hdu;
    private final PixelFormat format;
    private final Shape shape;

    public PlainReader(ByteSource source, Hdu hdu) {
        this.source = source;
        this.hdu = hdu;
        this.format = PixelFormat.of(hdu.header(), hdu.header().bitpix("BITPIX"), "BLANK");
        this.shape = shapeOf(hdu);
    }

    private static Shape shapeOf(Hdu hdu) {
        int axes = (int) hdu.header().integer("NAXIS", 1, Shape.MAX_AXES);
        if (hdu.index() > 0) {
            // other values mean data before the pixels, or several images
            hdu.header().integerOr("PCOUNT", 0, 0, 0);
            hdu.header().integerOr("GCOUNT", 1, 1, 1);
        }
        long[] lengths = new long[axes];
        for (int axis = 1; axis <= axes; axis++) {
            lengths[axes - axis] = hdu.header().integer("NAXIS" + axis, 1, Long.MAX_VALUE);
        }
        return Shape.of(lengths);
    }

    @Override
    public PixelFormat format() {
        return format;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public void read(ImageSection section, MemorySegment target) {
        if (format.scaled()) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment scratch = arena.allocate(CHUNK_BYTES, Long.BYTES);
                section.forEachRun((element, count, done) ->
                        readScaled(fileOffset(element), count, scratch, part(target, count, done)));
            }
        } else {
            section.forEachRun((element, count, done) -> readUnscaled(fileOffset(element), part(target, count, done)));
        }
    }

    private long fileOffset(long element) {
        return hdu.dataOffset() + element * format.storedBytes();
    }

    private MemorySegment part(MemorySegment target, long count, long done) {
        int itemBytes = format.type().itemBytes();
        return target.asSlice(done * itemBytes, count * itemBytes);
    }

    private void readUnscaled(long offset, MemorySegment part) {
        if (part.byteSize() >= MIN_PARALLEL_BYTES && isShareable(part)) {
            readParallel(offset, part);
        } else {
            readSequential(offset, part);
        }
    }

    private boolean isShareable(MemorySegment part) {
        // An unstarted thread stands for any other thread: memory of a confined arena belongs to the current one.
        return source.isRandomAccess() && part.isAccessibleBy(new Thread());
    }

    /**
     * Returns, or throws, only when all threads have finished. A parallel {@link IntStream} does not wait for its other
     * tasks when one throws: they could still write into memory that the caller has released or reused.
     */
    private void readParallel(long offset, MemorySegment part) {
        int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
        long chunks = (part.byteSize() + CHUNK_BYTES - 1) / CHUNK_BYTES;
        AtomicReference<Throwable> failure = new AtomicReference<>();
        IntStream.range(0, threads).parallel().forEach(thread -> {
            long to = chunks * (thread + 1) / threads;
            try {
                for (long chunk = chunks * thread / threads; chunk < to && failure.get() == null; chunk++) {
                    readChunk(offset, part, chunk * CHUNK_BYTES);
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
        });
        if (failure.get() instanceof Error e) {
            throw e;
        }
        if (failure.get() instanceof RuntimeException e) {
            throw e;
        }
    }

    private void readSequential(long offset, MemorySegment part) {
        for (long at = 0; at < part.byteSize(); at += CHUNK_BYTES) {
            readChunk(offset, part, at);
        }
    }

    private void readChunk(long offset, MemorySegment part, long at) {
        MemorySegment chunk = part.asSlice(at, Math.min(CHUNK_BYTES, part.byteSize() - at));
        fill(offset + at, chunk);
        swap(chunk);
    }

    /**
     * Converts a chunk in pieces. Where the memory was truncated every store of a loop faults, and the exception is
     * delivered only when the loop has ended.
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

    private void readScaled(long offset, long count, MemorySegment scratch, MemorySegment part) {
        int stored = format.storedBytes();
        int itemBytes = format.type().itemBytes();
        long maxItems = scratch.byteSize() / stored;
        for (long at = 0; at < count; at += maxItems) {
            long items = Math.min(maxItems, count - at);
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
            throw hdu.truncated(offset + found - hdu.dataOffset());
        }
    }
}
