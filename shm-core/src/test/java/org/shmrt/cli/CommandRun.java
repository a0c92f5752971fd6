package org.shmrt.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A command line run inside the test's JVM: what it printed, and its status. */
record CommandRun(int status, String out, String err) {
    static CommandRun of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Shm.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new CommandRun(status, out.toString(), err.toString());
    }

    /** Whether it ended as a failure should: that status, one line on standard error, nothing else. */
    boolean failedInOneLine(int expectedStatus) {
        return status == expectedStatus && out.isEmpty() && err.lines().count() == 1 && err.startsWith("shm");
    }
}
