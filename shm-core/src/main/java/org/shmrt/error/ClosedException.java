package org.shmrt.error;

/** The object was used after it was closed. */
public final class ClosedException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message only.
     *
     * @param message one line: what, which object, why, what to do
     */
    public ClosedException(String message) {
        super(message);
    }

    /**
     * With the failure that led to this one.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public ClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
