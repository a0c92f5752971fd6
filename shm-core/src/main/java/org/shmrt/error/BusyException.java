package org.shmrt.error;

/** Another user holds an exclusive resource: the writer lock of a stream, or a semaphore that a reader has reserved. */
public final class BusyException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a message.
     *
     * @param message one line: what, which object, why, what to do
     */
    public BusyException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a message and a cause.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public BusyException(String message, Throwable cause) {
        super(message, cause);
    }
}
