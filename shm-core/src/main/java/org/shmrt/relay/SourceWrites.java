package org.shmrt.relay;

/** What a server does with frames that subscribers send to be written into their source. */
public enum SourceWrites {
    /** They are dropped: the server only reads. */
    REFUSED,
    /** They are published in the source, unless another program of ShmRT is its writer. */
    ALLOWED
}
