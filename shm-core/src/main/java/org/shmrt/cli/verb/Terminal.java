package org.shmrt.cli.verb;

import java.io.Console;

/** The terminal behind standard output, if there is one. */
public final class Terminal {
    /** Moves to the start of the line and erases it. */
    public static final String ERASE_LINE = "\r\033[K";

    private Terminal() {}

    /** Whether standard input and output are a terminal, so that a line can be redrawn in place. */
    public static boolean isInteractive() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
