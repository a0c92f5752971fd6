package org.shmrt.text;

import java.util.Locale;

/**
 * Escapes text from other programs for messages and terminals: file names, keywords and headers may contain any
 * character. Stateless.
 */
public final class Printable {
    private Printable() {}

    /**
     * Escapes control characters as {@code \}{@code u001b}, so that the text is one line and cannot control a terminal.
     *
     * @param text any text
     * @return the same text if it has no control character
     */
    public static String of(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
