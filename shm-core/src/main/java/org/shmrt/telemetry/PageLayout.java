package org.shmrt.telemetry;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The page of a loop, version 1, little-endian. A word is written by the loop alone, except the command.
 *
 * <p>A histogram has 64 buckets for each power of two, so a value is known to 1.6 percent; values below 128 ns are
 * exact, and those of 137 s and more are in the last bucket.
 */
final class PageLayout {
    /** The bytes "ShmRTlop". */
    static final long MAGIC = 0x706f6c5452_6d6853L;

    static final int VERSION = 1;

    static final long MAGIC_AT = 0;
    static final long VERSION_AT = 8;
    static final long PID_AT = 16;
    static final long STARTED_AT = 24;
    static final long NAME_AT = 32;
    static final int NAME_BYTES = 96;
    static final long STATE_AT = 128;
    static final long COMMAND_AT = 132;
    static final long LAST_STEP_AT = 136;
    static final long DEADLINE_AT = 144;
    static final long PERIOD_AT = 152;
    static final long COUNTERS_AT = 160;
    static final long REASON_AT = 288;
    static final int REASON_BYTES = 224;
    /** For each measure: sum, maximum, and two words that are not used. */
    static final long SUMMARIES_AT = 512;

    static final int SUMMARY_BYTES = 32;
    static final long SUM = 0;
    static final long MAX = 8;
    static final long HISTOGRAMS_AT = 1024;
    static final int BUCKETS = 2048;
    static final int HISTOGRAM_BYTES = BUCKETS * Long.BYTES;
    static final long BYTES = HISTOGRAMS_AT + (long) LoopMeasure.values().length * HISTOGRAM_BYTES;

    private static final int SUB_BITS = 6;
    private static final long LARGEST = (1L << 37) - 1;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
    static final String PREFIX = "shmrt-loop.";

    private PageLayout() {}

    static long counterAt(LoopCounter counter) {
        return COUNTERS_AT + (long) counter.ordinal() * Long.BYTES;
    }

    static long summaryAt(int measure) {
        return SUMMARIES_AT + (long) measure * SUMMARY_BYTES;
    }

    static long histogramAt(int measure) {
        return HISTOGRAMS_AT + (long) measure * HISTOGRAM_BYTES;
    }

    static int bucket(long ns) {
        long value = Math.min(ns, LARGEST);
        int shift = Math.max(0, Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(value | 1));
        return (shift << SUB_BITS) + (int) (value >>> shift);
    }

    /** The largest value of a bucket. */
    static long highest(int bucket) {
        int shift = Math.max(0, (bucket >>> SUB_BITS) - 1);
        long sub = bucket - ((long) shift << SUB_BITS);
        return ((sub + 1) << shift) - 1;
    }

    static Path directory() {
        String configured = System.getenv("SHMRT_LOOP_DIR");
        return Path.of(configured == null || configured.isEmpty() ? "/dev/shm" : configured);
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static Path path(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot be the name of a loop: use 1 to 64 letters, digits,"
                            + " '_', '-' and '.', not '-' or '.' first");
        }
        return directory().resolve(PREFIX + name);
    }
}
