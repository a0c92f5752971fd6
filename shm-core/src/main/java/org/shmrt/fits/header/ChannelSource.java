package org.shmrt.fits.header;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.shmrt.posix.IoErrors;
import org.shmrt.posix.SystemError;
import org.shmrt.text.FileNames;

/** A regular file. */
final class ChannelSource extends ByteSource {
    /** The size of a buffer is an int. */
    private static final long MAX_BUFFER_BYTES = 1 << 30;

    private final FileChannel channel;
    private final long byteSize;
    /** The first block of the file for the first read of it, then null: the file may change. */
    private ByteBuffer start;

    ChannelSource(Path path, FileChannel channel, ByteBuffer start) throws IOException {
        super(path);
        this.channel = channel;
        this.byteSize = channel.size();
        this.start = start;
    }

    @Override
    public OptionalLong byteSize() {
        return OptionalLong.of(byteSize);
    }

    @Override
    public long maxBytes() {
        return byteSize;
    }

    @Override
    public boolean isRandomAccess() {
        return true;
    }

    // The kernel does the copy: where the target page was truncated it returns an error and sends no signal.
    @Override
    public long read(long offset, MemorySegment into) {
        if (offset >= byteSize) {
            return 0;
        }
        ByteBuffer first = start;
        // Only into an array: a store into a mapping may fault.
        if (offset == 0 && first != null && !into.isNative() && into.byteSize() <= first.limit()) {
            start = null;
            into.copyFrom(MemorySegment.ofBuffer(first).asSlice(0, into.byteSize()));
            return into.byteSize();
        }
        long done = 0;
        try {
            while (done < into.byteSize()) {
                long count = Math.min(MAX_BUFFER_BYTES, into.byteSize() - done);
                int found = channel.read(into.asSlice(done, count).asByteBuffer(), offset + done);
                if (found < 0) {
                    break;
                }
                done += found;
            }
            return done;
        } catch (IOException e) {
            if (SystemError.BAD_ADDRESS.isReportedBy(e)) {
                throw targetTruncated(FileNames.text(path()), e);
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
