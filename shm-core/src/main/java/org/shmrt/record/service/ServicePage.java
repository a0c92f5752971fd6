package org.shmrt.record.service;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.shmrt.posix.SharedObject;
import org.shmrt.text.FixedText;

/**
 * The page of a recording service, version 1, little-endian: the file {@code shmrt-record.NAME} in
 * {@code $SHMRT_LOOP_DIR}, else in {@code /dev/shm}. The service writes all words but the command.
 */
final class ServicePage {
    /** The bytes "ShmRTrec". */
    static final long MAGIC = 0x6365725452_6d6853L;

    static final int VERSION = 1;
    static final long BYTES = 4096;

    static final long MAGIC_AT = 0;
    static final long VERSION_AT = 8;
    static final long PID_AT = 12;
    static final long COMMAND_AT = 16;
    static final long STATE_AT = 20;
    static final long STARTED_AT = 24;
    static final long RECORDED_AT = 32;
    static final long BUFFERED_AT = 40;
    static final long LOST_AT = 48;
    static final long BYTES_AT = 56;
    static final long FINDINGS_AT = 64;
    static final long DIRECTORY_AT = 128;
    static final int DIRECTORY_BYTES = 1024;
    static final long FINDING_AT = 1152;
    static final int FINDING_BYTES = 1024;

    /** Values of the command. */
    static final int START = 1;

    static final int STOP = 2;

    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
    static final String PREFIX = "shmrt-record.";

    private ServicePage() {}

    static Path path(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of a recording service: use 1 to 64"
                    + " letters, digits, '_', '-' and '.', not '-' or '.' first");
        }
        return SharedObject.pageDirectory().resolve(PREFIX + name);
    }

    static int word(MemorySegment page, long at) {
        return (int) WORD.getAcquire(page, at);
    }

    static void word(MemorySegment page, long at, int value) {
        WORD.setRelease(page, at, value);
    }

    static long number(MemorySegment page, long at) {
        return (long) LONG.getAcquire(page, at);
    }

    static void number(MemorySegment page, long at, long value) {
        LONG.setRelease(page, at, value);
    }

    static ServiceStatus status(String name, MemorySegment page, boolean alive) {
        return new ServiceStatus(
                name,
                alive,
                word(page, PID_AT),
                ServiceState.of(word(page, STATE_AT)),
                FixedText.get(page, DIRECTORY_AT, DIRECTORY_BYTES),
                number(page, STARTED_AT),
                number(page, RECORDED_AT),
                number(page, BUFFERED_AT),
                number(page, LOST_AT),
                number(page, BYTES_AT),
                number(page, FINDINGS_AT),
                FixedText.get(page, FINDING_AT, FINDING_BYTES));
    }
}
