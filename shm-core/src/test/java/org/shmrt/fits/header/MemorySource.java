package org.shmrt.fits.header;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import org.shmrt.error.IncompatibleException;

/** A FITS file in memory, for tests that would spend most of their time on opening files. */
public final class MemorySource extends ByteSource {
    private final byte[] file;

    private MemorySource(byte[] file) {
        super(Path.of("x.fits"));
        this.file = file;
    }

    /** The bytes of a file, plain or gzipped. */
    public static ByteSource of(byte[] file) {
        if (file.length > 2 && file[0] == 0x1f && file[1] == (byte) 0x8b) {
            try {
                return new GzipSource(
                        Path.of("x.fits.gz"), new GZIPInputStream(new ByteArrayInputStream(file)), file.length);
            } catch (IOException e) {
                throw new IncompatibleException("its gzip data is damaged: " + e.getMessage(), e);
            }
        }
        return new MemorySource(file);
    }

    @Override
    public OptionalLong byteSize() {
        return OptionalLong.of(file.length);
    }

    @Override
    public long maxBytes() {
        return file.length;
    }

    @Override
    public boolean isRandomAccess() {
        return true;
    }

    @Override
    public long read(long offset, MemorySegment into) {
        long found = Math.max(0, Math.min(into.byteSize(), file.length - offset));
        MemorySegment.copy(
                MemorySegment.ofArray(file),
                ValueLayout.JAVA_BYTE,
                Math.min(offset, file.length),
                into,
                ValueLayout.JAVA_BYTE,
                0,
                found);
        return found;
    }

    @Override
    public void close() {
        // holds no resources
    }
}
