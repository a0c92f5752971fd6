package org.shmrt.stream;

/**
 * One keyword of a stream: what a FITS user would call a card.
 *
 * @param name at most 16 bytes
 * @param type which kind of value
 * @param value a {@link Long}, {@link Double} or {@link String} of at most 16 bytes, as the type says
 * @param comment at most 80 bytes
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
}
