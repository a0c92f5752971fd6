package org.shmrt.cli.stream;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.shmrt.stream.keyword.Keyword;

/**
 * A word of {@code shm keyword}: {@code NAME} asks for a keyword, {@code NAME=VALUE} sets one.
 *
 * @param name before the first {@code =}
 * @param value after it, or null if there is none
 */
public record KeywordWord(String name, String value) {
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    public static KeywordWord of(String word) {
        int equals = word.indexOf('=');
        return equals < 0
                ? new KeywordWord(word, null)
                : new KeywordWord(word.substring(0, equals), word.substring(equals + 1));
    }

    public boolean isAssignment() {
        return value != null;
    }

    /**
     * The keyword this word sets.
     *
     * @param forced the type asked for, or null to guess it
     * @param present the keyword of that name, or null; a number stays a double and a text a text
     */
    public Keyword keyword(Keyword.Type forced, Keyword present) {
        Keyword.Type type = forced == null ? guess(present == null ? null : present.type()) : forced;
        return switch (type) {
            case LONG -> Keyword.of(name, whole());
            case DOUBLE -> Keyword.of(name, number());
            case TEXT -> Keyword.of(name, value);
        };
    }

    private Keyword.Type guess(Keyword.Type present) {
        if (present == Keyword.Type.TEXT || !NUMBER.matcher(value).matches()) {
            return Keyword.Type.TEXT;
        }
        return present == Keyword.Type.DOUBLE || !WHOLE.matcher(value).matches()
                ? Keyword.Type.DOUBLE
                : Keyword.Type.LONG;
    }

    private long whole() {
        if (!WHOLE.matcher(value).matches()) {
            throw new IllegalArgumentException(name + "=" + value + ": '" + value + "' is no whole number");
        }
        BigInteger whole = new BigInteger(value);
        if (whole.bitLength() > 63) {
            throw new IllegalArgumentException(
                    name + "=" + value + ": more than 64 bits can count; store it with " + "--double or --text");
        }
        return whole.longValue();
    }

    private double number() {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                if (!NUMBER.matcher(value).matches()) {
                    throw new IllegalArgumentException(name + "=" + value + ": '" + value + "' is no number");
                }
                yield Double.parseDouble(value);
            }
        };
    }
}
