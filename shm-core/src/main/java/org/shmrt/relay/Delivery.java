package org.shmrt.relay;

/** Which frames of a source a replica gets. */
public enum Delivery {
    /** The newest one each time: a slow link skips frames, and no frame waits behind older ones. */
    NEWEST,
    /** Every one that the ring of the source still holds when the link is free. */
    EVERY
}
