package org.shmrt.fits.card;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * One card of a FITS header: name, type, value and comment, independent of its layout in the file.
 *
 * <p>A name of 1 to 8 capital letters, digits, {@code -} and {@code _} makes an ordinary card. Any other name is
 * written and read by the HIERARCH convention, which preserves case and blanks. A text that is too long for one card is
 * written and read by the CONTINUE convention. Numbers are written so that reading returns the same number. A comment
 * that does not fit is truncated. FITS allows only the ASCII characters 32 to 126; others are written as {@code ?}.
 *
 * <p>Immutable; safe for any thread.
 *
 * @param name the keyword, as above; empty, {@code COMMENT} or {@code HISTORY} for {@link Type#COMMENTARY}
 * @param type the type of the value
 * @param value a {@link Long}, {@link Double}, {@link String} or {@link Boolean} that matches the type; null for
 *     {@link Type#UNDEFINED} only; a {@link BigInteger} for an integer of {@link #ofUnsigned} that does not fit a long
 * @param comment the comment after the value; empty for none, never null
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, section 4</a>
 */
public record FitsCard(String name, Type type, Object value, String comment) {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn");
    private static final long NS_PER_S = 1_000_000_000L;

    /** Types of values. */
    public enum Type {
        /** A 64-bit integer, {@link Long}. */
        INTEGER(Long.class),
        /** A double-precision number, {@link Double}; also an integer that does not fit 64 bits. */
        REAL(Double.class),
        /** A text, {@link String}. Trailing blanks are not significant in FITS. */
        TEXT(String.class),
        /** A logical value, {@link Boolean}. */
        LOGICAL(Boolean.class),
        /** A name without a value; the value is null. */
        UNDEFINED(null),
        /** A text instead of a value, {@link String}: COMMENT, HISTORY and cards without a name. */
        COMMENTARY(String.class);

        private final Class<?> valueType;

        Type(Class<?> valueType) {
            this.valueType = valueType;
        }
    }

    /**
     * Creates a card.
     *
     * @throws IllegalArgumentException if the value does not match the type, if the comment is null, or if the name is
     *     blank and the type is not {@link Type#COMMENTARY}
     */
    public FitsCard {
        boolean isLarge = type == Type.INTEGER && value instanceof BigInteger;
        if (type.valueType == null ? value != null : !type.valueType.isInstance(value) && !isLarge) {
            throw new IllegalArgumentException(
                    "FITS card " + name + ": the value " + value + " is not of type " + type);
        }
        if (name.isBlank() && type != Type.COMMENTARY) {
            throw new IllegalArgumentException("a FITS card with a value needs a name");
        }
        if (comment == null) {
            throw new IllegalArgumentException(
                    "FITS card " + name + ": the comment is null; pass an empty one for none");
        }
    }

    /**
     * Creates a card with an integer.
     *
     * @param name the keyword
     * @param value the number
     * @param comment empty for none
     * @return the card
     */
    public static FitsCard of(String name, long value, String comment) {
        return new FitsCard(name, Type.INTEGER, value, comment);
    }

    /**
     * Creates a card with a 64-bit integer without a sign, such as a counter. From 2^63 on, reading it again gives a
     * {@link Type#REAL}, as for every integer that does not fit a long.
     *
     * @param name the keyword
     * @param value the bits of the number
     * @param comment empty for none
     * @return the card
     */
    public static FitsCard ofUnsigned(String name, long value, String comment) {
        Object number = value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
        return new FitsCard(name, Type.INTEGER, number, comment);
    }

    /**
     * Creates a card with a double-precision number. FITS has no NaN or infinity; these are written as texts.
     *
     * @param name the keyword
     * @param value the number
     * @param comment empty for none
     * @return the card
     */
    public static FitsCard of(String name, double value, String comment) {
        return new FitsCard(name, Type.REAL, value, comment);
    }

    /**
     * Creates a card with a text.
     *
     * @param name the keyword
     * @param value the text
     * @param comment empty for none
     * @return the card
     */
    public static FitsCard of(String name, String value, String comment) {
        return new FitsCard(name, Type.TEXT, value, comment);
    }

    /**
     * Creates a card with a logical value.
     *
     * @param name the keyword
     * @param value true or false
     * @param comment empty for none
     * @return the card
     */
    public static FitsCard of(String name, boolean value, String comment) {
        return new FitsCard(name, Type.LOGICAL, value, comment);
    }

    /**
     * Creates a text card with a time in the format of FITS, for example {@code 2026-01-02T03:04:05.678000000}, in UTC.
     *
     * @param name the keyword, for example {@code DATE-OBS}
     * @param epochNs nanoseconds since 1970-01-01 UTC
     * @param comment empty for none
     * @return the card
     */
    public static FitsCard ofTime(String name, long epochNs, String comment) {
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(epochNs, NS_PER_S), Math.floorMod(epochNs, NS_PER_S));
        return of(name, DATE.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)), comment);
    }

    /**
     * Creates a commentary card. A long text is written as several cards.
     *
     * @param name {@code COMMENT} or {@code HISTORY}
     * @param text the text
     * @return the card
     */
    public static FitsCard commentary(String name, String text) {
        return new FitsCard(name, Type.COMMENTARY, text, "");
    }

    /**
     * Creates a card with a name but no value.
     *
     * @param name the keyword
     * @param comment empty for none
     * @return the card
     */
    public static FitsCard undefined(String name, String comment) {
        return new FitsCard(name, Type.UNDEFINED, null, comment);
    }
}
