package org.shmrt.cli.stream;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.shmrt.stream.keyword.Keyword;

/**
 * An argument of {@code shm keyword}: {@code NAME} reads a keyword, {@code NAME=VALUE} sets one.
 *
 * @param name the text before the first {@code =}
 * @param value the text after it; empty if there is no {@code =}
 */
record KeywordArgument(String name, Optional<String> value) {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    static KeywordArgument of(String argument) {
        int equals = argument.indexOf('=');
        return equals < 0
                ? new KeywordArgument(argument, Optional.empty())
                : new KeywordArgument(argument.substring(0, equals), Optional.of(argument.substring(equals + 1)));
    }

    boolean isAssignment() {
        return value.isPresent();
    }

    /**
     * The keyword that an assignment sets, with a type that fits the value.
     *
     * @param present type of the existing keyword of this name: a double stays a double and a text a text
     */
    Keyword keyword(Optional<Keyword.Type> present) {
        String text = value.orElseThrow();
        if (present.filter(type -> type == Keyword.Type.TEXT).isPresent()
                || !NUMBER.matcher(text).matches()) {
            return keyword(Keyword.Type.TEXT);
        }
        return present.filter(type -> type == Keyword.Type.DOUBLE).isPresent()
                        || !INTEGER.matcher(text).matches()
                ? keyword(Keyword.Type.DOUBLE)
                : keyword(Keyword.Type.LONG);
    }

    /** The keyword that an assignment sets, with a given type. */
    Keyword keyword(Keyword.Type type) {
        String text = value.orElseThrow();
        return switch (type) {
            case LONG -> Keyword.of(name, integer(text));
            case DOUBLE -> Keyword.of(name, number(text));
            case TEXT -> Keyword.of(name, text);
        };
    }

    private long integer(String text) {
        if (!INTEGER.matcher(text).matches()) {
            throw new IllegalArgumentException(name + "=" + text + ": '" + text + "' is not an integer");
        }
        BigInteger integer = new BigInteger(text);
        if (integer.bitLength() > 63) {
            throw new IllegalArgumentException(
                    name + "=" + text + ": the value does not fit into 64 bits; store it with --double or --text");
        }
        return integer.longValue();
    }

    private double number(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                if (!NUMBER.matcher(text).matches()) {
                    throw new IllegalArgumentException(name + "=" + text + ": '" + text + "' is not a number");
                }
                yield Double.parseDouble(text);
            }
        };
    }
}
