package org.shmrt.error;

/**
 * The file system has no space for the object, or the object has no space for an entry (a keyword in a table of fixed
 * size). The message gives the available space and says how to get more.
 */
public final class NoSpaceException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a message.
     *
     * @param message one line: what, which object, why, what to do
     */
    public NoSpaceException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a message and a cause.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public NoSpaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
