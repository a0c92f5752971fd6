package org.shmrt.posix;

/** The current process. */
public final class OwnProcess {
    /** Its id in its own pid namespace. */
    public static final int PID = (int) ProcessHandle.current().pid();

    private OwnProcess() {}
}
