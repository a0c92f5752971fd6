package org.shmrt.relay.link;

/**
 * The receiving end of a link that other receivers share. It joins while the sender is sending, and finds the first byte
 * of a message by itself: each call of {@link ByteLink#send} is one.
 */
public interface JoinableLink extends ByteLink {
    /**
     * Discards all bytes up to the next message that has not begun to be received. Blocks until there is one.
     *
     * @throws LinkException if the link is lost
     */
    void skipToMessage();
}
