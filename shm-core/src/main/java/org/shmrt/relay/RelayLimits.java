package org.shmrt.relay;

/** The limits of what another machine may announce. They are checked before memory is reserved for it. */
public final class RelayLimits {
    /** Largest frame, bytes. */
    public static final long MAX_FRAME_BYTES = 1L << 30;
    /** Most slots of a ring. */
    public static final int MAX_DEPTH = 4096;
    /** Most records in a keyword table. */
    public static final int MAX_KEYWORDS = 4096;
    /** Longest name of a stream, bytes in UTF-8. */
    public static final int MAX_NAME_BYTES = 200;
    /** Most memory that one stream may have: its ring or its circular buffer, bytes. */
    public static final long MAX_STREAM_BYTES = 8L << 30;

    private RelayLimits() {}
}
