package org.shmrt.stream.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A time in a stream's header: where it is and how it is written. All times become nanoseconds since 1970
 * in the clock the format uses. Immutable; no call allocates.
 */
public final class TimeField {
    /** A field the format lacks: reads as 0, writes nothing. */
    public static final TimeField NONE = new TimeField(-1, Encoding.NANOSECONDS);

    private static final long NS_PER_S = 1_000_000_000L;

    /** How a format writes a time down. */
    public enum Encoding {
        /** One i64: nanoseconds since 1970 (DAO's acquisition time). */
        NANOSECONDS,
        /** Two i64: seconds, nanoseconds (milk). */
        TIMESPEC,
        /** One double: seconds (DAO's creation time). */
        SECONDS
    }

    private final long offset;
    private final Encoding encoding;

    private TimeField(long offset, Encoding encoding) {
        this.offset = offset;
        this.encoding = encoding;
    }

    /**
     * A time field.
     *
     * @param offset position in the header, bytes
     * @param encoding how it is written
     * @return the field
     */
    public static TimeField at(long offset, Encoding encoding) {
        return new TimeField(offset, encoding);
    }

    /**
     * Whether the format has this time at all.
     *
     * @return false for {@link #NONE}
     */
    public boolean exists() {
        return offset >= 0;
    }

    /**
     * Position in the header.
     *
     * @return bytes, -1 for {@link #NONE}
     */
    public long offset() {
        return offset;
    }

    /**
     * Position of the word of the time that differs between any two moments.
     *
     * @return bytes, -1 for {@link #NONE}
     */
    public long rawOffset() {
        return encoding == Encoding.TIMESPEC ? offset + 8 : offset;
    }

    /**
     * Reads the time.
     *
     * @param file the stream
     * @param header where the header starts
     * @return nanoseconds since 1970; 0 if never set
     */
    public long get(MemorySegment file, long header) {
        if (offset < 0) {
            return 0;
        }
        return switch (encoding) {
            case NANOSECONDS -> file.get(ValueLayout.JAVA_LONG, header + offset);
            case TIMESPEC ->
                file.get(ValueLayout.JAVA_LONG, header + offset) * NS_PER_S
                        + file.get(ValueLayout.JAVA_LONG, header + offset + 8);
            case SECONDS -> (long) (file.get(ValueLayout.JAVA_DOUBLE, header + offset) * NS_PER_S);
        };
    }

    /**
     * Writes the time.
     *
     * @param file the stream
     * @param header where the header starts
     * @param timeNs nanoseconds since 1970
     */
    public void set(MemorySegment file, long header, long timeNs) {
        if (offset < 0) {
            return;
        }
        switch (encoding) {
            case NANOSECONDS -> file.set(ValueLayout.JAVA_LONG, header + offset, timeNs);
            case TIMESPEC -> {
                file.set(ValueLayout.JAVA_LONG, header + offset, timeNs / NS_PER_S);
                file.set(ValueLayout.JAVA_LONG, header + offset + 8, timeNs % NS_PER_S);
            }
            case SECONDS -> file.set(ValueLayout.JAVA_DOUBLE, header + offset, timeNs / 1e9);
        }
    }
}
