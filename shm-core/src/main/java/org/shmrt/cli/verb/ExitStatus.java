package org.shmrt.cli.verb;

/** What the command's exit status says. */
public final class ExitStatus {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int TIMED_OUT = 3;

    private ExitStatus() {}
}
