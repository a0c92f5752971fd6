package org.shmrt.error;

/** The file system cannot hold the object; the message says how much is needed, how much is free, and how to enlarge it. */
public final class NoSpaceException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message only.
     *
     * @param message one line: what, which object, why, what to do
     */
    public NoSpaceException(String message) {
        super(message);
    }

    /**
     * With the failure that led to this one.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public NoSpaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
