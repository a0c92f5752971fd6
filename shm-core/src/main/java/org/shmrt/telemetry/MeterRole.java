package org.shmrt.telemetry;

/** What a meter measures. */
public enum MeterRole {
    /** A program that reads a stream. */
    READER,
    /** A program that writes a stream. */
    WRITER,
    /** The way from one stream to another. */
    HOP;

    private static final MeterRole[] VALUES = values();

    static MeterRole of(int code) {
        return code >= 0 && code < VALUES.length ? VALUES[code] : READER;
    }
}
