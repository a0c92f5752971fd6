package org.shmrt.stream.keyword;

/**
 * One keyword of a stream, similar to a card of a FITS header. A keyword read from a stream always is within the limits
 * below; a keyword to be written is checked when it is written. Immutable.
 *
 * <p>A name of exactly 16 bytes fills its field and has no NUL after it. ShmRT and the formats support this, but pyMilk
 * reads beyond the field: it shows the type character as the 17th character of the name ({@code abcdefghijklmnopL}).
 * Names of up to 15 bytes are the same in all programs.
 *
 * @param name 1 to 16 bytes in UTF-8, no NUL
 * @param type type of the value
 * @param value a {@link Long}, {@link Double} or {@link String} of at most 16 bytes in UTF-8, according to the type
 * @param comment at most 80 bytes in UTF-8; null, in a keyword to be set, keeps the existing comment
 */
public record Keyword(String name, Type type, Object value, String comment) {
    /** The types of value, with the characters that the formats store for them. */
    public enum Type {
        /** An integer of 64 bits. */
        LONG('L'),
        /** A floating-point number of 64 bits. */
        DOUBLE('D'),
        /** A short text. */
        TEXT('S');

        private final char code;

        Type(char code) {
            this.code = code;
        }

        /**
         * The stored character.
         *
         * @return {@code L}, {@code D} or {@code S}
         */
        public char code() {
            return code;
        }

        /**
         * The type for a stored character.
         *
         * @param code the character
         * @return the type, or null for an unused record or an unknown type
         */
        public static Type ofCode(int code) {
            return switch (code) {
                case 'L' -> LONG;
                case 'D' -> DOUBLE;
                case 'S' -> TEXT;
                default -> null;
            };
        }
    }

    /**
     * An integer, without a comment.
     *
     * @param name the name
     * @param value the value
     * @return the keyword
     */
    public static Keyword of(String name, long value) {
        return new Keyword(name, Type.LONG, value, "");
    }

    /**
     * A floating-point number, without a comment.
     *
     * @param name the name
     * @param value the value; NaN and infinities are stored unchanged
     * @return the keyword
     */
    public static Keyword of(String name, double value) {
        return new Keyword(name, Type.DOUBLE, value, "");
    }

    /**
     * A boolean, without a comment. The formats have no booleans, so it is stored as an integer, as in pyMilk.
     *
     * @param name the name
     * @param value stored as 1 or 0
     * @return the keyword
     */
    public static Keyword of(String name, boolean value) {
        return of(name, value ? 1L : 0L);
    }

    /**
     * A short text, without a comment.
     *
     * @param name the name
     * @param value at most 16 bytes in UTF-8, no NUL
     * @return the keyword
     */
    public static Keyword of(String name, String value) {
        return new Keyword(name, Type.TEXT, value, "");
    }

    /**
     * A copy with another comment.
     *
     * @param newComment at most 80 bytes in UTF-8, no NUL, or null
     * @return the keyword
     */
    public Keyword withComment(String newComment) {
        return new Keyword(name, type, value, newComment);
    }
}
