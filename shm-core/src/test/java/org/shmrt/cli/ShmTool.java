package org.shmrt.cli;

import picocli.CommandLine;

/** Gives tests of subpackages the model of the command line. */
public final class ShmTool {
    private ShmTool() {}

    /** A command line with all verbs. */
    public static CommandLine commandLine() {
        return Shm.wholeCommandLine();
    }
}
