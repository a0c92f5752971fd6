package org.shmrt.error;

/** The named stream, array, block or semaphore does not exist. */
public final class NotFoundException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a message.
     *
     * @param message one line: what, which object, why, what to do
     */
    public NotFoundException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a message and a cause.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public NotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
