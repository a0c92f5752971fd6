package org.shmrt.error;

/** The object exists but is not as expected: it has another format, shape or type, or a damaged header. */
public final class IncompatibleException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a message.
     *
     * @param message one line: what, which object, why, what to do
     */
    public IncompatibleException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a message and a cause.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public IncompatibleException(String message, Throwable cause) {
        super(message, cause);
    }
}
