package org.shmrt.fits.header;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.IoErrors;

/**
 * The bytes of a FITS file: an ordinary file, read anywhere; or a gzip file or a pipe, read from front to back. A
 * gzip file is known by its first bytes, whatever its name.
 */
public abstract class ByteSource implements AutoCloseable {
    public static final long UNKNOWN = -1;

    private static final int GZIP_MAGIC = 0x8b1f;

    private final Path path;

    public ByteSource(Path path) {
        this.path = path;
    }

    public static ByteSource open(Path path) {
        if (Files.isDirectory(path)) {
            throw IoErrors.directory("read", path);
        }
        try {
            if (!Files.isRegularFile(path)) {
                // a pipe, or nothing at all, which is told when it is opened
                InputStream in = Files.newInputStream(path);
                return new SequentialSource(path, in, UNKNOWN);
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                ByteBuffer magic = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
                int found = channel.read(magic, 0);
                if (found == 2 && Short.toUnsignedInt(magic.getShort(0)) == GZIP_MAGIC) {
                    channel.close();
                    return SequentialSource.ofGzip(path);
                }
                return new ChannelSource(path, channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw IoErrors.reading(path, e);
        }
    }

    public Path path() {
        return path;
    }

    /** Size in bytes, or {@link #UNKNOWN}. */
    public abstract long byteSize();

    /** More bytes than this it cannot hold, whatever a header says. */
    public abstract long mostBytes();

    /** Whether several threads may read at once. */
    public abstract boolean isRandomAccess();

    /**
     * Fills memory from an offset on.
     *
     * @param into native memory or a byte array
     * @return bytes read, fewer than wanted only where the source ends
     */
    public abstract long read(long offset, MemorySegment into);

    /** Reads on to the end where only the end can tell whether all bytes were right. */
    public void verify() {}

    @Override
    public abstract void close();

    /** An ordinary file. */
    private static final class ChannelSource extends ByteSource {
        /** A buffer's size is an int. */
        private static final long LARGEST_BUFFER = 1 << 30;
        /** The kernel's EFAULT, in the words of the C library, which java.nio passes on. */
        private static final String BAD_ADDRESS = "Bad address";

        private final FileChannel channel;
        private final long byteSize;

        ChannelSource(Path path, FileChannel channel) throws IOException {
            super(path);
            this.channel = channel;
            this.byteSize = channel.size();
        }

        @Override
        public long byteSize() {
            return byteSize;
        }

        @Override
        public long mostBytes() {
            return byteSize;
        }

        @Override
        public boolean isRandomAccess() {
            return true;
        }

        // A read goes through the kernel, which meets a page that was cut off with an error, not a signal.
        @Override
        public long read(long offset, MemorySegment into) {
            if (offset >= byteSize) {
                return 0;
            }
            long done = 0;
            try {
                while (done < into.byteSize()) {
                    long count = Math.min(LARGEST_BUFFER, into.byteSize() - done);
                    int found = channel.read(into.asSlice(done, count).asByteBuffer(), offset + done);
                    if (found < 0) {
                        break;
                    }
                    done += found;
                }
                return done;
            } catch (IOException e) {
                if (BAD_ADDRESS.equals(e.getMessage())) {
                    throw new IncompatibleException(
                            "the memory that was being filled from " + path()
                                    + " was cut off by another process: open it again",
                            e);
                }
                throw IoErrors.reading(path(), e);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw IoErrors.reading(path(), e);
            }
        }
    }
}
