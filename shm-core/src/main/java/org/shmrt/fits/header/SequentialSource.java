package org.shmrt.fits.header;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.ZipException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.files.Bytes;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/** A source that is read from front to back. */
abstract class SequentialSource extends ByteSource {
    static final int BUFFER_BYTES = 64 << 10;

    private InputStream in;
    private long position;

    SequentialSource(Path path, InputStream in) {
        super(path);
        this.in = in;
    }

    /** Opens the input again at its start, or reports that this is not possible. */
    abstract InputStream reopen() throws IOException;

    @Override
    public final OptionalLong byteSize() {
        return OptionalLong.empty();
    }

    @Override
    public final boolean isRandomAccess() {
        return false;
    }

    @Override
    public final long read(long offset, MemorySegment into) {
        try {
            if (offset < position) {
                InputStream previous = in;
                in = reopen();
                previous.close();
                position = 0;
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

    /** Reads and discards the rest of the input. */
    final void drain() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (EOFException | ZipException e) {
            throw damaged(path(), e);
        } catch (IOException e) {
            throw IoErrors.reading(path(), e);
        }
        position = Long.MAX_VALUE;
    }

    static IncompatibleException damaged(Path path, IOException e) {
        return new IncompatibleException(
                "cannot read " + FileNames.text(path) + ": its gzip data is damaged or truncated ("
                        + (e instanceof EOFException ? "unexpected end of file" : e.getMessage()) + "); copy it again",
                e);
    }

    @Override
    public final void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw IoErrors.reading(path(), e);
        }
    }
}
