package org.shmrt.fits.header;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.card.FitsCard;

/**
 * The cards of one header, with strict access to the values that define the structure of an image. If a name occurs
 * twice, the first card counts, as in other readers. A card is parsed when it is needed.
 */
public final class Header {
    /** Names of cards that describe the file and not the image. They are derived again when an image is written. */
    private static final Pattern STRUCTURE = Pattern.compile("SIMPLE|XTENSION|BITPIX|NAXIS[0-9]*|EXTEND|PCOUNT|GCOUNT"
            + "|GROUPS|INHERIT|BSCALE|BZERO|BLANK|END|LONGSTRN|CHECKSUM|DATASUM|THEAP|TFIELDS|TDIM[0-9]+"
            + "|T(?:TYPE|FORM|UNIT|NULL|SCAL|ZERO|DISP|BCOL)[0-9]+"
            + "|Z(?:IMAGE|SIMPLE|TENSION|BITPIX|NAXIS[0-9]*|TILE[0-9]+|CMPTYPE|NAME[0-9]+|VAL[0-9]+|MASKCMP|QUANTIZ"
            + "|DITHER0|BLANK|SCALE|ZERO|EXTEND|BLOCKED|PCOUNT|GCOUNT|HECKSUM|DATASUM)");

    private static final Set<String> NAME_OF_HDU = Set.of("EXTNAME", "EXTVER", "EXTLEVEL");

    private final CardReader cards;
    private final Set<String> remarks = new LinkedHashSet<>();
    private final String location;

    /**
     * Describes a header.
     *
     * @param header the bytes of the header
     * @param count number of cards before END
     * @param location file and HDU, for messages
     */
    Header(byte[] header, int count, String location) {
        this.location = location;
        this.cards = new CardReader(header, count);
    }

    /** Whether cards of this name describe the structure of a file. */
    public static boolean isStructure(String name) {
        return STRUCTURE.matcher(name).matches();
    }

    /** The cards that do not describe the structure of the file. */
    public List<FitsCard> descriptiveCards() {
        return cards.all().stream()
                .filter(card -> card.type() == FitsCard.Type.COMMENTARY
                        || (!isStructure(card.name())
                                && !(card.name().equals("EXTNAME") && "COMPRESSED_IMAGE".equals(card.value()))))
                .toList();
    }

    /**
     * The cards that do not describe the structure of the file, together with those that an extension inherits from the
     * primary header if its card INHERIT is true. A card of the extension replaces the one of the same name.
     */
    public List<FitsCard> descriptiveCards(Hdu primary) {
        List<FitsCard> all = new ArrayList<>(descriptiveCards());
        if (!isTrue("INHERIT") || primary.header() == this) {
            return all;
        }
        Set<String> names = all.stream().map(FitsCard::name).collect(Collectors.toSet());
        boolean isEmpty = primary.kind() == Hdu.Kind.EMPTY;
        for (FitsCard card : primary.header().descriptiveCards()) {
            // commentary and the name of the primary header are its own, and so are the coordinates of its pixels
            if (card.type() != FitsCard.Type.COMMENTARY
                    && !NAME_OF_HDU.contains(card.name())
                    && (isEmpty || !AxisCards.isOfAxis(card))
                    && !names.contains(card.name())) {
                all.add(card);
            }
        }
        return all;
    }

    /** Remarks for the user about cards that were ignored. */
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** File and HDU, for messages. */
    public String location() {
        return location;
    }

    public boolean has(String name) {
        return cards.first(name) != null;
    }

    /** The value of a mandatory integer card, checked against an inclusive range. */
    public long integer(String name, long min, long max) {
        FitsCard card = cards.first(name);
        if (card == null) {
            throw damaged("it has no card " + name);
        }
        if (card.type() != FitsCard.Type.INTEGER) {
            throw damaged(name + " is " + shown(card) + ", not an integer");
        }
        long value = (Long) card.value();
        if (value < min || value > max) {
            throw damaged(name + " is " + value
                    + (max == Long.MAX_VALUE
                            ? ", but must be at least " + min
                            : ", but must be between " + min + " and " + max));
        }
        return value;
    }

    /** The value of an optional integer card, checked against an inclusive range. */
    public long integerOr(String name, long defaultValue, long min, long max) {
        return has(name) ? integer(name, min, max) : defaultValue;
    }

    /**
     * The stored integer that stands for undefined pixels. A value that is not an integer cannot be one of the pixels, so
     * it is ignored with a remark, as other readers do.
     */
    public OptionalLong blank(String name) {
        FitsCard card = cards.first(name);
        if (card == null) {
            return OptionalLong.empty();
        }
        if (card.type() != FitsCard.Type.INTEGER) {
            remarks.add(name + " is " + shown(card) + ", not an integer, and was ignored");
            return OptionalLong.empty();
        }
        return OptionalLong.of((Long) card.value());
    }

    /** The value of a mandatory card with a number of bits a pixel: BITPIX or ZBITPIX. */
    public int bitpix(String name) {
        int bitpix = (int) integer(name, -64, 64);
        return switch (bitpix) {
            case 8, 16, 32, 64, -32, -64 -> bitpix;
            default -> throw damaged(name + " is " + bitpix + ", but must be 8, 16, 32, 64, -32 or -64");
        };
    }

    /** The value of an optional card with a number, integer or floating-point. */
    public double numberOr(String name, double defaultValue) {
        FitsCard card = cards.first(name);
        if (card == null || card.type() == FitsCard.Type.UNDEFINED) {
            return defaultValue;
        }
        if (!(card.value() instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            throw damaged(name + " is " + shown(card) + ", not a number");
        }
        return number.doubleValue();
    }

    /** The value of a text card; empty if the card is missing or not a text. */
    public Optional<String> text(String name) {
        FitsCard card = cards.first(name);
        return card != null && card.type() == FitsCard.Type.TEXT
                ? Optional.of((String) card.value())
                : Optional.empty();
    }

    boolean isTrue(String name) {
        FitsCard card = cards.first(name);
        return card != null && Boolean.TRUE.equals(card.value());
    }

    /** The exception for a header that contradicts the standard or the file. */
    public IncompatibleException damaged(String reason) {
        return new IncompatibleException(
                "cannot read " + location + ": " + reason + "; the file is damaged or not a FITS file");
    }

    private static String shown(FitsCard card) {
        return switch (card.type()) {
            case UNDEFINED -> "empty";
            case TEXT -> "'" + card.value() + "'";
            default -> String.valueOf(card.value());
        };
    }
}
