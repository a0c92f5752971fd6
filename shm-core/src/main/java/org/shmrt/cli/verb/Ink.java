package org.shmrt.cli.verb;

/** Colours of text. Each has a meaning, and the text says the same without them. */
public enum Ink {
    /** Writes the control sequences of terminals. */
    COLOUR,
    /** Leaves the text as it is. */
    PLAIN;

    private static final String RESET = "\033[0m";

    /** Titles of tables. */
    public String title(String text) {
        return in("\033[1m", text);
    }

    /** Text that reports a failure or an object that cannot be used. */
    public String error(String text) {
        return in("\033[31m", text);
    }

    /** Text that reports something unusual. */
    public String warning(String text) {
        return in("\033[33m", text);
    }

    private String in(String sequence, String text) {
        return this == PLAIN || text.isEmpty() ? text : sequence + text + RESET;
    }
}
