package org.shmrt.cli.verb;

/** Exit status of the command. */
public final class ExitStatus {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int TIMED_OUT = 3;

    private ExitStatus() {}
}
