package org.shmrt.fits.header;

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
    private final byte[] magic;

    ForeignCompression(String title, String command, int... magic) {
        this.title = title;
        this.command = command;
        this.magic = new byte[magic.length];
        for (int i = 0; i < magic.length; i++) {
            this.magic[i] = (byte) magic[i];
        }
    }

    /** The compression of a file that starts with these bytes, of which {@code count} are valid. */
    static Optional<ForeignCompression> of(byte[] start, int count) {
        return Arrays.stream(values())
                .filter(compression -> count >= compression.magic.length
                        && Arrays.equals(
                                start, 0, compression.magic.length, compression.magic, 0, compression.magic.length))
                .findFirst();
    }

    /** Why such a file cannot be read, and what to do. */
    String advice(String path) {
        return "it is compressed by " + title + ", and ShmRT reads gzip only; unpack it first: " + command + " " + path;
    }
}
