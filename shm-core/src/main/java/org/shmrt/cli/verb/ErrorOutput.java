package org.shmrt.cli.verb;

import java.io.PrintWriter;
import java.nio.file.Path;

/** Standard error of this process. Other writers, in tests for example, are never a terminal. */
public final class ErrorOutput extends PrintWriter {
    private static final Path DESTINATION = Path.of("/proc/self/fd/2");

    private ErrorOutput() {
        super(System.err, true, System.err.charset());
    }

    /** Text on standard error. */
    public static ErrorOutput standard() {
        return new ErrorOutput();
    }

    /** Whether a writer leads to a terminal, so that a line can be redrawn; standard input and output may be pipes. */
    public static boolean isTerminal(PrintWriter out) {
        return out instanceof ErrorOutput && Terminal.isTerminal(DESTINATION);
    }
}
