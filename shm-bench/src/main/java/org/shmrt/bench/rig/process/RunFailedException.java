package org.shmrt.bench.rig.process;

/** A process of the rig reported a failure in place of its counters. */
public final class RunFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    RunFailedException(String message) {
        super(message);
    }
}
