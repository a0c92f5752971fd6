package org.shmrt.fits.header;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalLong;
import java.util.function.Function;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/**
 * The bytes of a FITS file. A regular file supports random access; a gzip file or a pipe is read sequentially. A gzip
 * file is detected by its first bytes, whatever its name.
 */
public abstract class ByteSource implements AutoCloseable {
    private static final int GZIP_MAGIC = 0x8b1f;

    private final Path path;

    protected ByteSource(Path path) {
        this.path = path;
    }

    /**
     * Opens a file for a reader, which takes ownership of it.
     *
     * @param reader creates the reader; if it fails, the file is closed
     */
    public static <T> T open(Path path, Function<ByteSource, T> reader) {
        ByteSource source = open(path);
        try {
            return reader.apply(source);
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    /**
     * The same for a file that a directory has: anybody may have put a pipe there, whose open would wait for a writer.
     *
     * @throws IncompatibleException if it is a pipe or a device
     */
    public static <T> T openRegular(Path path, Function<ByteSource, T> reader) {
        BasicFileAttributes attributes = attributes(path);
        if (attributes != null && attributes.isOther()) {
            throw new IncompatibleException(
                    "cannot read " + FileNames.text(path) + ": it is a pipe or device, not a file");
        }
        return open(path, reader);
    }

    /** Opens a regular file, a gzip file or a pipe. */
    public static ByteSource open(Path path) {
        BasicFileAttributes attributes = attributes(path);
        if (attributes != null && attributes.isDirectory()) {
            throw IoErrors.directory("read", path);
        }
        try {
            if (attributes == null || !attributes.isRegularFile()) {
                // a pipe, or a missing file, for which the open below reports the failure
                return new PipeSource(path, FileOpening.stream(path));
            }
            FileChannel channel = FileOpening.channelOfRegular(path);
            try {
                ByteBuffer start = start(channel);
                if (isGzip(start)) {
                    channel.close();
                    return GzipSource.ofFile(path);
                }
                return new ChannelSource(path, channel, start);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw IoErrors.reading(path, e);
        }
    }

    /** Null if the file cannot be examined. */
    private static BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException e) {
            return null;
        }
    }

    /** The first block of a file, or the whole file if it is shorter. */
    private static ByteBuffer start(FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(FitsBlock.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int found = 0;
        while (found >= 0 && start.hasRemaining()) {
            found = channel.read(start, start.position());
        }
        return start.flip();
    }

    private static boolean isGzip(ByteBuffer start) {
        return start.limit() >= Short.BYTES && Short.toUnsignedInt(start.getShort(0)) == GZIP_MAGIC;
    }

    public final Path path() {
        return path;
    }

    /** Size in bytes, empty for a sequential source. */
    public abstract OptionalLong byteSize();

    /** Upper limit of the size in bytes, whatever a header claims. */
    public abstract long maxBytes();

    /** Whether the file is compressed as a whole. */
    public boolean isCompressed() {
        return false;
    }

    /** Whether several threads may read at the same time, and at any offset. */
    public abstract boolean isRandomAccess();

    /**
     * Reads from an offset until the memory is full or the source ends.
     *
     * @param into native memory or a byte array
     * @return number of bytes read; less than requested only at the end of the source
     */
    public abstract long read(long offset, MemorySegment into);

    /** Checks the checksum of the source, if it has one. Reads to the end for that. */
    public void verify() {}

    /** The exception for target memory that could not be filled: the file behind it is shorter now, or has no space. */
    public static IncompatibleException targetTruncated(String location, Throwable cause) {
        return new IncompatibleException(
                "the target memory of " + location
                        + " was truncated by another process, or its file system is full: open it again",
                cause);
    }

    @Override
    public abstract void close();
}
