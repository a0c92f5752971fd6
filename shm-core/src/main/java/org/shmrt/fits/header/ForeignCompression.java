package org.shmrt.fits.header;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Compressions of whole files that ShmRT recognises, to say how to unpack the file, but does not read. */
enum ForeignCompression {
    BZIP2("bzip2", "bzip2 -dk", 'B', 'Z', 'h'),
    COMPRESS("compress (.Z)", "gzip -dk", 0x1f, 0x9d),
    XZ("xz", "xz -dk", 0xfd, '7', 'z', 'X', 'Z', 0),
    ZSTD("zstd", "zstd -d", 0x28, 0xb5, 0x2f, 0xfd),
    ZIP("zip", "unzip", 'P', 'K', 3, 4);

    private final String title;
    private final String command;
    /** One character for each byte. */
    private final String magic;

    ForeignCompression(String title, String command, int... magic) {
        this.title = title;
        this.command = command;
        this.magic = new String(magic, 0, magic.length);
    }

    /** The compression of a file that starts with these bytes, of which {@code count} are valid. */
    static Optional<ForeignCompression> of(byte[] start, int count) {
        return Arrays.stream(values())
                .filter(compression ->
                        new String(start, 0, count, StandardCharsets.ISO_8859_1).startsWith(compression.magic))
                .findFirst();
    }

    /** Why such a file cannot be read, and what to do. */
    String advice(String path) {
        return "it is compressed by " + title + ", and ShmRT reads gzip only; unpack it first: " + command + " " + path;
    }
}
