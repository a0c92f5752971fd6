package org.shmrt.error;

/**
 * The file system cannot hold the object, or the object something in it (a keyword, in a table of fixed size). The
 * message says how much there is room for, and how to get more.
 */
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
