package org.shmrt.cli;

import org.shmrt.error.ShmException;

/** A wait ended without a frame: exit status 3. */
final class TimedOutException extends ShmException {
    private static final long serialVersionUID = 1L;

    TimedOutException(String message) {
        super(message);
    }
}
