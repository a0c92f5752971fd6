package org.shmrt.fits.card;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * One card of a FITS header: name, type, value and comment, and nothing of how they are laid out in the file.
 *
 * <p>Names of up to 8 capital letters, digits, {@code -} and {@code _} are ordinary cards; any other name is written
 * and read by the HIERARCH convention, case and blanks kept. Texts longer than a card are written and read by the
 * CONTINUE convention. Numbers are written so that the same number is read back. What a card has no room for, the
 * end of a comment, is cut; characters that FITS does not allow (it has ASCII 32 to 126 alone) become {@code ?}.
 *
 * <p>Immutable; safe for any thread.
 *
 * @param name the keyword, as above; empty, {@code COMMENT} or {@code HISTORY} for {@link Type#COMMENTARY}
 * @param type which kind of value
 * @param value a {@link Long}, {@link Double}, {@link String} or {@link Boolean}, as the type says, or null
 * @param comment what stands behind the value; empty if there is none
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, section 4</a>
 */
public record FitsCard(String name, Type type, Object value, String comment) {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn");
    private static final long NS_PER_S = 1_000_000_000L;

    /** The kinds of value. */
    public enum Type {
        /** A whole number, {@link Long}. */
        INTEGER(Long.class),
        /** A number in double precision, {@link Double}; also a whole number that 64 bits cannot hold. */
        REAL(Double.class),
        /** A text, {@link String}; blanks at its end have no meaning in FITS. */
        TEXT(String.class),
        /** True or false, {@link Boolean}. */
        LOGICAL(Boolean.class),
        /** A name without a value, null. */
        UNDEFINED(null),
        /** Text for people instead of a value, {@link String}: COMMENT, HISTORY and cards without a name. */
        COMMENTARY(String.class);

        private final Class<?> valueType;

        Type(Class<?> valueType) {
            this.valueType = valueType;
        }
    }

    /**
     * Checks that the value is of the type.
     *
     * @throws IllegalArgumentException if it is not, or the name is empty where it may not be
     */
    public FitsCard {
        if (type.valueType == null ? value != null : !type.valueType.isInstance(value)) {
            throw new IllegalArgumentException("FITS card " + name + ": " + value + " is no value of type " + type);
        }
        if (name.isBlank() && type != Type.COMMENTARY) {
            throw new IllegalArgumentException("a FITS card with a value needs a name");
        }
        if (comment == null) {
            throw new IllegalArgumentException("FITS card " + name + ": give an empty comment, not null");
        }
    }

    /**
     * A card with a whole number.
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
     * A card with a number in double precision. FITS has no NaN and no infinities: they are written as texts.
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
     * A card with a text.
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
     * A card with true or false.
     *
     * @param name the keyword
     * @param value what it says
     * @param comment empty for none
     * @return the card
     */
    public static FitsCard of(String name, boolean value, String comment) {
        return new FitsCard(name, Type.LOGICAL, value, comment);
    }

    /**
     * A card with a time, in the form FITS has for it: {@code 2026-01-02T03:04:05.678000000}, UTC.
     *
     * @param name the keyword, for example {@code DATE-OBS}
     * @param epochNs nanoseconds since 1970
     * @param comment empty for none
     * @return the card
     */
    public static FitsCard ofTime(String name, long epochNs, String comment) {
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(epochNs, NS_PER_S), Math.floorMod(epochNs, NS_PER_S));
        return of(name, DATE.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)), comment);
    }

    /**
     * A card that explains something to people; a long text takes several lines.
     *
     * @param name {@code COMMENT} or {@code HISTORY}
     * @param text what to say
     * @return the card
     */
    public static FitsCard commentary(String name, String text) {
        return new FitsCard(name, Type.COMMENTARY, text, "");
    }

    /** A name without a value. */
    public static FitsCard undefined(String name, String comment) {
        return new FitsCard(name, Type.UNDEFINED, null, comment);
    }
}
