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
 * A FITS file with one image in the page cache, memory for its pixels, and three ways to load them: by ShmRT, by the
 * kernel's read call, and by a copy of mapped bytes. The last two keep the byte order of the file and show the limit of
 * the machine. Closing removes the file.
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
     * @param directory where to create it
     * @param type type of the pixels
     * @param megabytes total size of the pixels in MiB
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
     * Total size of the pixels.
     *
     * @return bytes
     */
    public long bytes() {
        return target.byteSize();
    }

    /** Opens the file, reads the header, and reads the pixels into memory in this machine's byte order. */
    public void load() {
        FitsFile.readInto(path, target);
    }

    /** Reads the bytes of the file with read calls: the minimum work of any loader that does not map the file. */
    public void readCalls() {
        try {
            for (long at = 0; at < bytes(); at += CHUNK_BYTES) {
                channel.read(target.asSlice(at, CHUNK_BYTES).asByteBuffer(), DATA_OFFSET + at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies the bytes from the mapped page cache, with all pages already mapped: only a memcpy. */
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
