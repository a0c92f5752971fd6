package org.shmrt.cli.verb;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The terminal behind standard output, if there is one. */
public final class Terminal {
    /** Moves to the start of the line and erases it. */
    public static final String ERASE_LINE = "\r\033[K";

    private Terminal() {}

    /** Whether a link of {@code /proc} to an open file leads to a terminal. */
    static boolean isTerminal(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().matches("/dev/(pts/|tty|console).*");
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether standard input and output are a terminal, so that a line can be redrawn in place. */
    public static boolean isInteractive() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
