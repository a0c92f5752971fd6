package org.shmrt.relay.service;

/** The times of links, in nanoseconds. */
final class Timing {
    /** A side that has nothing to send sends a heartbeat this often. */
    static final long HEARTBEAT_NS = 1_000_000_000L;
    /** How often a replica is examined for frames that local programs wrote into it. */
    static final long WRITES_NS = 500_000L;
    /** Without a heartbeat for so long, a link is lost. */
    static final long SILENCE_NS = 4_000_000_000L;
    /** A link that is not established by then is closed. */
    static final long ESTABLISH_NS = 5_000_000_000L;
    /** First pause before the next attempt to connect; it doubles up to the longest. */
    static final long MIN_PAUSE_NS = 100_000_000L;

    static final long MAX_PAUSE_NS = 1_000_000_000L;

    private Timing() {}
}
