package org.shmrt.relay.link;

/** The other side refused the request. It would refuse the same request again. */
public final class RefusedException extends LinkException {
    private static final long serialVersionUID = 1L;

    /** A refusal with the reason that the other side gave. */
    public RefusedException(String message) {
        super(message);
    }
}
