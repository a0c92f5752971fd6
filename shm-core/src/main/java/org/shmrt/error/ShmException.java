package org.shmrt.error;

import org.shmrt.text.Printable;

/**
 * Root of everything ShmRT throws besides {@link IllegalArgumentException} for misuse. The message is one
 * line, meant to be shown as it is: control characters in names and files that it quotes are spelled out. Set-up calls
 * throw; hot calls return verdicts instead.
 */
public class ShmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message only.
     *
     * @param message one line: what, which object, why, what to do
     */
    public ShmException(String message) {
        super(oneLine(message));
    }

    /**
     * With the failure that led to this one.
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
