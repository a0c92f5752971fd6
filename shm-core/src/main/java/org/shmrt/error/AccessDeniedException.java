package org.shmrt.error;

/** The operating system denies the access that was asked for; the message says whose object it is. */
public final class AccessDeniedException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message only.
     *
     * @param message one line: what, which object, why, what to do
     */
    public AccessDeniedException(String message) {
        super(message);
    }

    /**
     * With the failure that led to this one.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public AccessDeniedException(String message, Throwable cause) {
        super(message, cause);
    }
}
