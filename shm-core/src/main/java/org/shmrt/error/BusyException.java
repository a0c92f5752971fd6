package org.shmrt.error;

/** Someone else holds what can be held only once: another writer of the stream, a semaphore reserved by a reader. */
public final class BusyException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message only.
     *
     * @param message one line: what, which object, why, what to do
     */
    public BusyException(String message) {
        super(message);
    }

    /**
     * With the failure that led to this one.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public BusyException(String message, Throwable cause) {
        super(message, cause);
    }
}
