package org.shmrt.fits.header;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;

/** A gzip file. To go back, it is decompressed again from the start. */
final class GzipSource extends SequentialSource {
    /** Deflate expands one byte to at most this many: 258 bytes for two bits. */
    private static final long MAX_EXPANSION = 1032;

    private final long gzipBytes;

    GzipSource(Path path, InputStream in, long gzipBytes) {
        super(path, in);
        this.gzipBytes = gzipBytes;
    }

    static GzipSource ofFile(Path path) throws IOException {
        return new GzipSource(path, gunzip(path), Files.size(path));
    }

    private static InputStream gunzip(Path path) throws IOException {
        InputStream file = FileOpening.stream(path);
        try {
            return new GZIPInputStream(file, BUFFER_BYTES);
        } catch (IOException e) {
            file.close();
            throw e instanceof EOFException || e instanceof ZipException ? damaged(path, e) : IoErrors.reading(path, e);
        }
    }

    @Override
    InputStream reopen() throws IOException {
        return gunzip(path());
    }

    @Override
    public long maxBytes() {
        return gzipBytes > Long.MAX_VALUE / MAX_EXPANSION ? Long.MAX_VALUE : gzipBytes * MAX_EXPANSION;
    }

    @Override
    public boolean isCompressed() {
        return true;
    }

    /** The checksum is at the end of the file. */
    @Override
    public void verify() {
        drain();
    }
}
