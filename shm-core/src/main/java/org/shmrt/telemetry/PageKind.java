package org.shmrt.telemetry;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.shmrt.posix.SharedObject;

/**
 * The kinds of pages that a program shows. Each page is a file that one process writes and any process reads, in
 * {@code $SHMRT_LOOP_DIR}, else in {@code /dev/shm}. All begin with the same words, little-endian.
 */
enum PageKind {
    /** Begins with "ShmRTlop". */
    LOOP("loop", 0x706f6c5452_6d6853L, PageLayout.VERSION, PageLayout.BYTES),
    /** Begins with "ShmRTmtr". */
    METER("meter", 0x72746d5452_6d6853L, MeterLayout.VERSION, MeterLayout.BYTES);

    static final long MAGIC_AT = 0;
    static final long VERSION_AT = 8;
    static final long PID_AT = 16;
    static final long STARTED_AT = 24;
    static final long NAME_AT = 32;
    static final int NAME_BYTES = 96;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

    private final String noun;
    private final long magic;
    private final int version;
    private final long bytes;

    PageKind(String noun, long magic, int version, long bytes) {
        this.noun = noun;
        this.magic = magic;
        this.version = version;
        this.bytes = bytes;
    }

    /** What has such a page, for messages. */
    String noun() {
        return noun;
    }

    String prefix() {
        return "shmrt-" + noun + ".";
    }

    /** The first word of a page that is complete. */
    long magic() {
        return magic;
    }

    int version() {
        return version;
    }

    /** Size of a page, bytes. */
    long bytes() {
        return bytes;
    }

    static Path directory() {
        return SharedObject.pageDirectory();
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    Path path(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of a " + noun
                    + ": use 1 to 64 letters, digits," + " '_', '-' and '.', not '-' or '.' first");
        }
        return directory().resolve(prefix() + name);
    }
}
