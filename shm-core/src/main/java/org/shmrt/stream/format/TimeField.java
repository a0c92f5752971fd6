package org.shmrt.stream.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A time field in a stream: its position and encoding. Times are converted to and from nanoseconds since 1970 on the
 * clock of the format. Immutable. No call allocates.
 */
public final class TimeField {
    /** A field that the format lacks: it is read as 0, and not written. */
    public static final TimeField NONE = new TimeField(-1, Encoding.NANOSECONDS);

    private static final long NS_PER_S = 1_000_000_000L;

    /** How a format encodes a time. */
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
     * @param encoding how it is encoded
     * @return the field
     */
    public static TimeField at(long offset, Encoding encoding) {
        return new TimeField(offset, encoding);
    }

    /**
     * Whether the format has this time.
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
     * Position of the word of the time that changes with every tick of the clock.
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
     * @return nanoseconds since 1970; 0 if it was never set
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
