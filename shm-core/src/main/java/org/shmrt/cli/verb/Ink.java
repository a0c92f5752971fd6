package org.shmrt.cli.verb;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.text.Printable;

/** Colours of text. Each has a meaning, and the text says the same without them. */
public enum Ink {
    /** Writes the control sequences of terminals. */
    COLOUR,
    /** Leaves the text as it is. */
    PLAIN;

    private static final String RESET = "\033[0m";
    /** The sequences below. */
    private static final Pattern OWN = Pattern.compile("\033\\[(?:0|1|31|33)m");

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

    /** Escapes the control characters of a line except these colours. */
    String printable(String line) {
        if (this == PLAIN) {
            return Printable.of(line);
        }
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (Matcher own = OWN.matcher(line); own.find(); at = own.end()) {
            text.append(Printable.of(line.substring(at, own.start()))).append(own.group());
        }
        return text.append(Printable.of(line.substring(at))).toString();
    }

    private String in(String sequence, String text) {
        return this == PLAIN || text.isEmpty() ? text : sequence + text + RESET;
    }
}
