package org.shmrt.error;

/** The object was used after it was closed. */
public final class ClosedException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a message.
     *
     * @param message one line: what, which object, why, what to do
     */
    public ClosedException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a message and a cause.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public ClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
