package org.shmrt.cli.verb;

/** Exit status of the command. */
public final class ExitStatus {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int TIMED_OUT = 3;

    /** The reader of a pipe on standard output has closed it: the status of a program that SIGPIPE ends. */
    public static final int PIPE_CLOSED = 141;

    private ExitStatus() {}
}
