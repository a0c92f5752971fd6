package org.shmrt.bench.rig.process;

/** A run that proves nothing: a process ended, was silent, or its books do not agree. */
public final class RunFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RunFailedException(String why) {
        super(why);
    }
}
