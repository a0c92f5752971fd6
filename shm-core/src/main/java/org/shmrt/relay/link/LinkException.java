package org.shmrt.relay.link;

import org.shmrt.error.ShmException;

/** A link to another machine failed. It can be established again. */
public class LinkException extends ShmException {
    private static final long serialVersionUID = 1L;

    /** A failure without a cause. */
    public LinkException(String message) {
        super(message);
    }

    /** A failure with its cause. */
    public LinkException(String message, Throwable cause) {
        super(message, cause);
    }
}
