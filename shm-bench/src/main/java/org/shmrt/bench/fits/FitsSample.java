package org.shmrt.bench.fits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/**
 * A FITS file of one image in the page cache, memory that wants the image, and three ways to fill it: by ShmRT, by
 * the kernel's read call, and by a copy of bytes that are mapped already. The last two leave the bytes in the
 * file's order; they tell what the machine can do at best. Gone once it is closed.
 */
public final class FitsSample implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 20;
    /** The header of an image without keywords is one block. */
    private static final long DATA_OFFSET = 2880;

    private final Path path;
    private final Arena arena = Arena.ofShared();
    private final FileChannel channel;
    private final MemorySegment mapped;
    private final MemorySegment target;

    /**
     * Writes the file.
     *
     * @param directory where
     * @param type type of the pixels
     * @param megabytes size of the pixels, in MiB
     */
    public FitsSample(Path directory, DataType type, int megabytes) {
        Shape shape = Shape.of(megabytes, (1L << 20) / type.itemBytes());
        long bytes = shape.byteSize(type);
        target = arena.allocate(bytes, 64);
        for (long at = 0; at < bytes; at += Long.BYTES) {
            target.set(ValueLayout.JAVA_LONG, at, (at * 0x9E3779B97F4A7C15L) >>> 2);
        }
        try {
            path = Files.createTempFile(directory, "shmrt_bench_", ".fits");
            FitsFile.write(path, new MemoryImage(type, shape, target), FitsOptions.defaults());
            channel = FileChannel.open(path, StandardOpenOption.READ);
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The file.
     *
     * @return its path
     */
    public Path path() {
        return path;
    }

    /**
     * Size of the pixels.
     *
     * @return bytes
     */
    public long bytes() {
        return target.byteSize();
    }

    /** Opens the file, reads its header, and its pixels into memory in this machine's byte order. */
    public void load() {
        FitsFile.readInto(path, target);
    }

    /** Fills the memory with the file's bytes by read calls, all that any loader has to do who does not map it. */
    public void readCalls() {
        try {
            for (long at = 0; at < bytes(); at += CHUNK_BYTES) {
                channel.read(target.asSlice(at, CHUNK_BYTES).asByteBuffer(), DATA_OFFSET + at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies the bytes out of the page cache where they are mapped, every page known already: memcpy and no more. */
    public void copy() {
        MemorySegment.copy(mapped, DATA_OFFSET, target, 0, bytes());
    }

    @Override
    public void close() {
        arena.close();
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
