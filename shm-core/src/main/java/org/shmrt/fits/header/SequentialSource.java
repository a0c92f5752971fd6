package org.shmrt.fits.header;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.files.Bytes;
import org.shmrt.posix.IoErrors;

/** A gzip file or a pipe: read from front to back, and a gzip file again from the front where that is needed. */
public final class SequentialSource extends ByteSource {
    private static final int BUFFER_BYTES = 64 << 10;
    /** Deflate makes at most so many bytes of one: 258 of two bits. */
    private static final long MOST_EXPANSION = 1032;

    private final long gzipBytes;
    private InputStream in;
    private long position;

    public SequentialSource(Path path, InputStream in, long gzipBytes) {
        super(path);
        this.gzipBytes = gzipBytes;
        this.in = gzipBytes == UNKNOWN ? new BufferedInputStream(in, BUFFER_BYTES) : in;
    }

    static SequentialSource ofGzip(Path path) throws IOException {
        return new SequentialSource(path, gunzip(path), Files.size(path));
    }

    private static InputStream gunzip(Path path) throws IOException {
        InputStream file = Files.newInputStream(path);
        try {
            return new GZIPInputStream(file, BUFFER_BYTES);
        } catch (IOException e) {
            file.close();
            throw e instanceof EOFException || e instanceof ZipException ? damaged(path, e) : IoErrors.reading(path, e);
        }
    }

    private static IncompatibleException damaged(Path path, IOException e) {
        return new IncompatibleException(
                "cannot read " + path + ": its gzip data is damaged or cut off ("
                        + (e instanceof EOFException ? "it ends too early" : e.getMessage()) + "); copy it again",
                e);
    }

    @Override
    public long byteSize() {
        return UNKNOWN;
    }

    @Override
    public long mostBytes() {
        return gzipBytes == UNKNOWN ? Long.MAX_VALUE : Math.multiplyExact(gzipBytes, MOST_EXPANSION);
    }

    @Override
    public boolean isRandomAccess() {
        return false;
    }

    @Override
    public long read(long offset, MemorySegment into) {
        try {
            if (offset < position) {
                again();
            }
            while (position < offset) {
                long skipped = in.skip(offset - position);
                if (skipped == 0) {
                    if (in.read() < 0) {
                        return 0;
                    }
                    skipped = 1;
                }
                position += skipped;
            }
            long found = Bytes.fill(in, into);
            position += found;
            return found;
        } catch (EOFException | ZipException e) {
            throw damaged(path(), e);
        } catch (IOException e) {
            throw IoErrors.reading(path(), e);
        }
    }

    private void again() throws IOException {
        if (gzipBytes == UNKNOWN) {
            throw new ShmException("cannot read " + path() + " twice: it is a pipe; save it as a file first");
        }
        in.close();
        in = gunzip(path());
        position = 0;
    }

    /** The sum of a gzip file stands at its end. */
    @Override
    public void verify() {
        if (gzipBytes == UNKNOWN) {
            return;
        }
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (EOFException | ZipException e) {
            throw damaged(path(), e);
        } catch (IOException e) {
            throw IoErrors.reading(path(), e);
        }
        position = Long.MAX_VALUE;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw IoErrors.reading(path(), e);
        }
    }
}
