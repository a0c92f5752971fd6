package org.shmrt.relay.status;

/** The state of a row. */
public enum RowState {
    /** The row is not used. */
    FREE,
    /** No link at present; it is being established. */
    CONNECTING,
    /** The link is up, and there is no stream at the source. */
    WAITING,
    /** Frames can flow. */
    CONNECTED,
    /** It stopped with an error, which the reason names. */
    FAILED
}
