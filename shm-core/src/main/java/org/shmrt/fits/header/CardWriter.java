package org.shmrt.fits.header;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.shmrt.fits.card.FitsCard;

/**
 * Encodes cards as a FITS header: 80 characters per card, 36 cards per block, values in the standard's fixed format.
 *
 * <p>HIERARCH cards follow ESO's convention, which is registered with the standard.
 *
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, section 4.2</a>
 */
public final class CardWriter {
    private static final int CARD_BYTES = FitsBlock.CARD_BYTES;
    /** An ordinary name; any other name is written by the HIERARCH convention. */
    private static final Pattern ORDINARY = Pattern.compile("[A-Z0-9_-]{1,8}");
    /** Names that have a meaning of their own at the start of a card. */
    private static final Set<String> RESERVED = Set.of("END", "COMMENT", "HISTORY", "CONTINUE", "HIERARCH");

    private static final int NAME_CHARACTERS = 8;
    private static final int FIXED_VALUE_CHARACTERS = 20;
    private static final int MIN_TEXT_CHARACTERS = 8;
    private static final String CONTINUE = "CONTINUE  ";

    private final ByteArrayOutputStream header = new ByteArrayOutputStream(FitsBlock.BYTES);

    /**
     * The header of a primary HDU without an image.
     *
     * @param where where the image is, as a comment
     */
    public static byte[] primaryWithoutImage(String where) {
        CardWriter header = new CardWriter();
        header.add(FitsCard.of("SIMPLE", true, "conforms to FITS standard"));
        header.add(FitsCard.of("BITPIX", 8, ""));
        header.add(FitsCard.of("NAXIS", 0, where));
        header.add(FitsCard.of("EXTEND", true, ""));
        return header.end();
    }

    /** The name of a card in a file, in which an equals sign would end it. */
    public static String nameOf(FitsCard card) {
        return plain(card.name().strip()).replace('=', '?');
    }

    /** Appends a card; a long text or comment takes several. */
    public CardWriter add(FitsCard card) {
        if (card.type() == FitsCard.Type.COMMENTARY) {
            commentary(card);
            return this;
        }
        String name = nameOf(card);
        boolean ordinary = ORDINARY.matcher(name).matches() && !RESERVED.contains(name);
        String start = ordinary ? pad(name, NAME_CHARACTERS) + "= " : "HIERARCH " + name + " = ";
        switch (card.type()) {
            case TEXT -> text(start, plain((String) card.value()), plain(card.comment()));
            case REAL -> real(start, (Double) card.value(), plain(card.comment()));
            case INTEGER -> value(start, card.value().toString(), plain(card.comment()));
            case LOGICAL -> value(start, (Boolean) card.value() ? "T" : "F", plain(card.comment()));
            default -> value(start, "", plain(card.comment()));
        }
        return this;
    }

    /** Appends an ordinary card with an integer of any size. */
    public void addInteger(String name, String digits, String comment) {
        value(pad(name, NAME_CHARACTERS) + "= ", digits, comment);
    }

    /** Appends END, pads the last block with blanks, and returns the header. */
    public byte[] end() {
        line("END");
        while (header.size() % FitsBlock.BYTES != 0) {
            line("");
        }
        return header.toByteArray();
    }

    private void commentary(FitsCard card) {
        String rest = plain((String) card.value());
        int room = CARD_BYTES - NAME_CHARACTERS;
        String name = pad(plain(card.name()), NAME_CHARACTERS).substring(0, NAME_CHARACTERS);
        do {
            int end = Math.min(room, rest.length());
            line(name + rest.substring(0, end));
            rest = rest.substring(end);
        } while (!rest.isEmpty());
    }

    private void real(String start, double value, String comment) {
        if (Double.isFinite(value)) {
            value(start, Double.toString(value), comment);
        } else {
            text(start, Double.toString(value), comment);
        }
    }

    private void value(String start, String value, String comment) {
        boolean fixed = start.length() == NAME_CHARACTERS + 2;
        String card = start + (fixed ? " ".repeat(Math.max(0, FIXED_VALUE_CHARACTERS - value.length())) : "") + value;
        if (card.length() > CARD_BYTES) {
            throw new IllegalArgumentException("the name of FITS card " + start.strip()
                    + " is too long: name and value " + value + " must fit in " + CARD_BYTES + " characters");
        }
        line(withComment(card, comment));
    }

    private void text(String start, String value, String comment) {
        String quoted = value.replace("'", "''");
        boolean fixed = start.length() == NAME_CHARACTERS + 2;
        String whole = start + "'" + (fixed ? pad(quoted, MIN_TEXT_CHARACTERS) : quoted) + "'";
        if (whole.length() > CARD_BYTES) {
            continued(start, quoted, comment);
            return;
        }
        boolean padded = fixed && !comment.isEmpty();
        line(withComment(padded ? pad(whole, start.length() + FIXED_VALUE_CHARACTERS) : whole, comment));
    }

    /** Writes a text over several cards; each but the last ends in an ampersand. */
    private void continued(String start, String quoted, String comment) {
        String prefix = start;
        String rest = quoted;
        while (true) {
            int room = CARD_BYTES - prefix.length() - 2;
            String last = prefix + "'" + rest + "'";
            if (rest.length() <= room && (comment.isEmpty() || last.length() + comment.length() + 3 <= CARD_BYTES)) {
                line(withComment(last, comment));
                return;
            }
            if (rest.length() < room) {
                line(prefix + "'" + rest + "&'");
                line(withComment(CONTINUE + "''", comment));
                return;
            }
            int end = room - 1;
            if (end < 2) {
                throw new IllegalArgumentException("the name of FITS card " + start.strip()
                        + " is too long: it leaves no room for the text in " + CARD_BYTES + " characters");
            }
            // A doubled quote must not be split.
            int quotes = 0;
            while (end - quotes > 0 && rest.charAt(end - 1 - quotes) == '\'') {
                quotes++;
            }
            end -= quotes & 1;
            line(prefix + "'" + rest.substring(0, end) + "&'");
            rest = rest.substring(end);
            prefix = CONTINUE;
        }
    }

    private static String withComment(String card, String comment) {
        String all = comment.isEmpty() ? card : card + " / " + comment;
        return all.length() > CARD_BYTES ? all.substring(0, CARD_BYTES) : all;
    }

    private void line(String text) {
        byte[] bytes = pad(text, CARD_BYTES).getBytes(StandardCharsets.US_ASCII);
        header.write(bytes, 0, bytes.length);
    }

    private static String pad(String text, int length) {
        return text.length() >= length ? text : text + " ".repeat(length - text.length());
    }

    /** Replaces the characters that FITS does not allow, all but the ASCII characters 32 to 126, by a question mark. */
    public static String plain(String text) {
        char[] characters = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                characters = characters == null ? text.toCharArray() : characters;
                characters[i] = '?';
            }
        }
        return characters == null ? text : new String(characters);
    }
}
