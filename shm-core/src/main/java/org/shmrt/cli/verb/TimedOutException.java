package org.shmrt.cli.verb;

import org.shmrt.error.ShmException;

/** No frame arrived in time: exit status 3. */
public final class TimedOutException extends ShmException {
    private static final long serialVersionUID = 1L;

    public TimedOutException(String message) {
        super(message);
    }
}
