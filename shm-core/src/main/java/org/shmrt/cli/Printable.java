package org.shmrt.cli;

import java.util.Locale;

/** Text of others on this user's terminal: file names, keywords and comments may hold any character. */
final class Printable {
    private Printable() {
    }

    /** The text in one line, in which nothing commands the terminal: control characters as {@code \}{@code u001b}. */
    static String of(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}
