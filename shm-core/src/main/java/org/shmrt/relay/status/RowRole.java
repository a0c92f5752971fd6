package org.shmrt.relay.status;

/** What a relay does with a stream. */
public enum RowRole {
    /** It sends the frames to another machine. */
    SEND,
    /** It writes a replica. */
    RECEIVE
}
