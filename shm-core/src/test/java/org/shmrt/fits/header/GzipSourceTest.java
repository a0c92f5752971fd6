package org.shmrt.fits.header;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a gzip file can expand to. */
class GzipSourceTest {
    private static long maxBytes(long gzipBytes) {
        try (GzipSource source = new GzipSource(Path.of("x.fits.gz"), InputStream.nullInputStream(), gzipBytes)) {
            return source.maxBytes();
        }
    }

    /** A sparse file may have any size. */
    @Test
    void shouldLimitTheSizeOfAFileOfAnySize() {
        assertEquals(1032L << 30, maxBytes(1L << 30));
        assertEquals(Long.MAX_VALUE, maxBytes(10_000_000_000_000_000L));
        assertEquals(Long.MAX_VALUE, maxBytes(Long.MAX_VALUE));
    }
}
