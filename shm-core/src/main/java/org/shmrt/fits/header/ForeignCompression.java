package org.shmrt.fits.header;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.shmrt.text.ShellWord;

/** Compressions of whole files that ShmRT recognises, to say how to unpack the file, but does not read. */
enum ForeignCompression {
    BZIP2("bzip2", "bzip2 -dk", "BZh"),
    COMPRESS("compress (.Z)", "gzip -dk", "\u001f\u009d"),
    XZ("xz", "xz -dk", "\u00fd7zXZ\0"),
    ZSTD("zstd", "zstd -d", "(\u00b5/\u00fd"),
    ZIP("zip", "unzip", "PK\u0003\u0004");

    private final String title;
    private final String command;
    /** The first bytes, one per character. */
    private final String magic;

    ForeignCompression(String title, String command, String magic) {
        this.title = title;
        this.command = command;
        this.magic = magic;
    }

    /** The compression of a file that starts with these bytes, of which {@code count} are valid. */
    static Optional<ForeignCompression> of(byte[] start, int count) {
        String text = new String(start, 0, count, StandardCharsets.ISO_8859_1);
        return Arrays.stream(values())
                .filter(compression -> text.startsWith(compression.magic))
                .findFirst();
    }

    /** Why such a file cannot be read, and what to do. */
    String advice(String path) {
        return "it is compressed by " + title + ", and ShmRT reads gzip only; unpack it first: " + command + " "
                + ShellWord.of(path);
    }
}
