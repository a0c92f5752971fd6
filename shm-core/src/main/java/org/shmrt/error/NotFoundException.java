package org.shmrt.error;

/** The named stream, array, block or semaphore does not exist. */
public final class NotFoundException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message only.
     *
     * @param message one line: what, which object, why, what to do
     */
    public NotFoundException(String message) {
        super(message);
    }

    /**
     * With the failure that led to this one.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public NotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
