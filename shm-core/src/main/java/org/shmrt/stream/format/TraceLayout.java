package org.shmrt.stream.format;

/**
 * Where a stream tells which processes, each triggered by the stream before, led to its newest frame.
 *
 * @param offset position of the first record in the file
 * @param count number of records; the first is that of the stream's own writer
 */
public record TraceLayout(long offset, int count) {
    /** Bytes of a record, see {@link org.shmrt.stream.format.ProcessTrace}. */
    public static final int RECORD_BYTES = 64;
}
