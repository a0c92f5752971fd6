package org.shmrt.error;

import org.shmrt.text.Printable;

/**
 * Superclass of all exceptions that ShmRT defines. Misuse throws {@link IllegalArgumentException} or
 * {@link IllegalStateException} instead. The message is one line and can be shown to a user unchanged: control
 * characters in quoted names are escaped. Set-up calls throw; calls for each frame return a verdict instead.
 */
public class ShmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a message.
     *
     * @param message one line: what, which object, why, what to do
     */
    public ShmException(String message) {
        super(oneLine(message));
    }

    /**
     * Creates an exception with a message and a cause.
     *
     * @param message one line: what, which object, why, what to do
     * @param cause the underlying failure
     */
    public ShmException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        return message == null ? null : Printable.of(message);
    }
}
