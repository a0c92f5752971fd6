package org.shmrt.relay.status;

/** The counters of a row. */
public enum RowCounter {
    /** Frames sent or published. */
    FRAMES,
    /** Bytes of pixels in them. */
    BYTES,
    /** Frames left out on purpose: newest only. */
    SKIPPED,
    /** Frames that did not arrive: while the link was down, or because the ring of the source was too short. */
    LOST,
    /** Counter of the newest frame at the source. */
    SOURCE_COUNT,
    /** Age of the newest frame when it was sent or published, nanoseconds; the clocks of the machines must agree. */
    AGE_NS,
    /** How often the link was established. */
    CONNECTS,
    /** How often the counter of the source went back or it was re-created. */
    RESTARTS,
    /** Frames that were written into replicas, and sent to the source or published there. */
    WRITES,
    /** Frames that were written into the replica and not sent: newer ones replaced them, or the link was down. */
    WRITES_SKIPPED
}
