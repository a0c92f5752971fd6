package org.shmrt.error;

/** The object exists but is not what was expected: another format, a damaged header, another shape or type. */
public final class IncompatibleException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message only.
     *
     * @param message one line: what, which object, why, what to do
     */
    public IncompatibleException(String message) {
        super(message);
    }

    /**
     * With the failure that led to this one.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public IncompatibleException(String message, Throwable cause) {
        super(message, cause);
    }
}
