package org.shmrt.cli;

/** What the command's exit status says. */
final class ExitStatus {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int TIMED_OUT = 3;

    private ExitStatus() {}
}
