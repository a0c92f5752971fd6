package org.shmrt.text;

import java.util.Locale;

/** Text of others in messages and on a terminal: file names, keywords and headers may hold any character. Stateless. */
public final class Printable {
    private Printable() {}

    /**
     * The text in one line, in which nothing commands a terminal: control characters as {@code \}{@code u001b}.
     *
     * @param text any
     * @return the same text if it has no control character
     */
    public static String of(String text) {
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
