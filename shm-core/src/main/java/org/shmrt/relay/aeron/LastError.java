package org.shmrt.relay.aeron;

import org.agrona.ErrorHandler;

/**
 * The last error that Aeron reported in one of its own threads. It is part of the message when a link fails; Aeron would
 * print it with a stack trace. Safe for any thread.
 */
final class LastError implements ErrorHandler {
    private volatile Throwable last;

    @Override
    public void onError(Throwable error) {
        last = error;
    }

    /** A clause for the end of a message; empty if there was no error. */
    String clause() {
        Throwable error = last;
        return error == null ? "" : " (Aeron reported: " + error.getMessage() + ")";
    }
}
