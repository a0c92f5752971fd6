package org.shmrt.process;

import org.shmrt.error.ShmException;

/** A child process could not be started, ended unexpectedly, or did not do what was expected of it in time. */
public final class ChildProcessException extends ShmException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message only.
     *
     * @param message one line: which process, and what happened
     */
    public ChildProcessException(String message) {
        super(message);
    }

    /**
     * With the failure that led to this one.
     *
     * @param message one line: which process, and what happened
     * @param cause the underlying failure
     */
    public ChildProcessException(String message, Throwable cause) {
        super(message, cause);
    }
}
