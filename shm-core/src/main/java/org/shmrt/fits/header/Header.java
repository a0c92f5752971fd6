package org.shmrt.fits.header;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.card.FitsCard;

/**
 * The cards of one header, and strict answers to what an image's structure needs of them. Of a name that stands
 * there twice the first card counts, as for other readers.
 */
public final class Header {
    /** What describes the file and not the image: it is derived anew when an image is written. */
    private static final Pattern STRUCTURE = Pattern.compile("SIMPLE|XTENSION|BITPIX|NAXIS[0-9]*|EXTEND|PCOUNT|GCOUNT"
            + "|GROUPS|BSCALE|BZERO|BLANK|END|LONGSTRN|CHECKSUM|DATASUM|THEAP|TFIELDS|TDIM[0-9]+"
            + "|T(?:TYPE|FORM|UNIT|NULL|SCAL|ZERO|DISP|BCOL)[0-9]+"
            + "|Z(?:IMAGE|SIMPLE|TENSION|BITPIX|NAXIS[0-9]*|TILE[0-9]+|CMPTYPE|NAME[0-9]+|VAL[0-9]+|MASKCMP|QUANTIZ"
            + "|DITHER0|BLANK|SCALE|ZERO|EXTEND|BLOCKED|PCOUNT|GCOUNT|HECKSUM|DATASUM)");

    private final List<FitsCard> cards = new ArrayList<>();
    private final Map<String, FitsCard> ordinary = new HashMap<>();
    private final String where;

    /**
     * Takes a header apart.
     *
     * @param header its bytes
     * @param count cards before END
     * @param where which header of which file, for messages
     */
    Header(byte[] header, int count, String where) {
        this.where = where;
        for (CardReader.Read read : CardReader.cards(header, count)) {
            cards.add(read.card());
            if (read.ordinary()) {
                ordinary.putIfAbsent(read.card().name(), read.card());
            }
        }
    }

    /** Whether a card of that name is about the file's structure. */
    public static boolean isStructure(String name) {
        return STRUCTURE.matcher(name).matches();
    }

    /** The cards that are no structure. */
    public List<FitsCard> describing() {
        return cards.stream()
                .filter(card -> card.type() == FitsCard.Type.COMMENTARY
                        || (!isStructure(card.name())
                                && !(card.name().equals("EXTNAME") && "COMPRESSED_IMAGE".equals(card.value()))))
                .toList();
    }

    public String where() {
        return where;
    }

    public boolean has(String name) {
        return ordinary.containsKey(name);
    }

    /** A whole number that has to be there. */
    public long integer(String name, long least, long most) {
        if (!has(name)) {
            throw damaged("it has no card " + name);
        }
        FitsCard card = ordinary.get(name);
        if (card.type() != FitsCard.Type.INTEGER) {
            throw damaged(name + " is " + shown(card) + ", not a whole number");
        }
        long value = (Long) card.value();
        if (value < least || value > most) {
            throw damaged(name + " is " + value
                    + (most == Long.MAX_VALUE
                            ? ", and " + least + " is the least possible"
                            : ", possible are " + least + " to " + most));
        }
        return value;
    }

    public long integerOr(String name, long otherwise, long least, long most) {
        return has(name) ? integer(name, least, most) : otherwise;
    }

    /** A number, whole or not. */
    public double realOr(String name, double otherwise) {
        FitsCard card = ordinary.get(name);
        if (card == null || card.type() == FitsCard.Type.UNDEFINED) {
            return otherwise;
        }
        if (!(card.value() instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            throw damaged(name + " is " + shown(card) + ", not a number");
        }
        return number.doubleValue();
    }

    /** A text, or null if the card is missing or something else. */
    public String text(String name) {
        FitsCard card = ordinary.get(name);
        return card != null && card.type() == FitsCard.Type.TEXT ? (String) card.value() : null;
    }

    boolean isTrue(String name) {
        FitsCard card = ordinary.get(name);
        return card != null && Boolean.TRUE.equals(card.value());
    }

    public IncompatibleException damaged(String reason) {
        return new IncompatibleException(
                "cannot read " + where + ": " + reason + "; the file is damaged, or no FITS file");
    }

    private static String shown(FitsCard card) {
        return card.type() == FitsCard.Type.UNDEFINED
                ? "empty"
                : card.type() == FitsCard.Type.TEXT ? "'" + card.value() + "'" : String.valueOf(card.value());
    }
}
