package org.shmrt.posix;

/** This process. */
public final class OwnProcess {
    /** Its id, as the kernel shows it in this process's own namespace. */
    public static final int PID = (int) ProcessHandle.current().pid();

    private OwnProcess() {}
}
