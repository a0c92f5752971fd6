package org.shmrt.bench.rig;

/** A run that proves nothing: a process ended, was silent, or its books do not agree. */
final class RunFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    RunFailedException(String why) {
        super(why);
    }
}
