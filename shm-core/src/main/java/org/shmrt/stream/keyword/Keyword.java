package org.shmrt.stream.keyword;

/**
 * One keyword of a stream: what a FITS user would call a card. What is read from a stream always keeps the limits
 * below; what is written is checked against them when it is written.
 *
 * <p>A name of exactly 16 bytes fills its field and has no NUL after it. ShmRT and the formats take that, but pyMilk
 * reads on into the next field: it shows such a keyword with its type's character as the 17th of the name
 * ({@code abcdefghijklmnopL}). Names of up to 15 bytes are the same for everybody.
 *
 * @param name 1 to 16 bytes in UTF-8, no NUL
 * @param type which kind of value
 * @param value a {@link Long}, {@link Double} or {@link String} of at most 16 bytes in UTF-8, as the type says
 * @param comment at most 80 bytes in UTF-8; null, in a keyword to be set, for the comment there is
 */
public record Keyword(String name, Type type, Object value, String comment) {
    /** The kinds of value, with the character the formats store for them. */
    public enum Type {
        /** A whole number of 64 bits. */
        LONG('L'),
        /** A number in double precision. */
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
         * The kind a stored character means.
         *
         * @param code the character
         * @return the kind, or null for an unused or unknown record
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
     * A whole number, without a comment.
     *
     * @param name the name
     * @param value the number
     * @return the keyword
     */
    public static Keyword of(String name, long value) {
        return new Keyword(name, Type.LONG, value, "");
    }

    /**
     * A number, without a comment.
     *
     * @param name the name
     * @param value the number; NaN and infinities are stored as they are
     * @return the keyword
     */
    public static Keyword of(String name, double value) {
        return new Keyword(name, Type.DOUBLE, value, "");
    }

    /**
     * A truth value, without a comment. The formats have none, so it becomes a whole number, as pyMilk does it.
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
     * The same with another comment.
     *
     * @param newComment at most 80 bytes in UTF-8, no NUL, or null
     * @return the keyword
     */
    public Keyword withComment(String newComment) {
        return new Keyword(name, type, value, newComment);
    }
}
