package org.shmrt.fits.header;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.shmrt.fits.card.FitsCard;

/**
 * Lays cards out as a FITS header: 80 characters a card, 36 cards a block. Values stand where the standard's fixed
 * format wants them.
 *
 * <p>HIERARCH cards follow ESO's convention, which is registered beside the standard.
 *
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, section 4.2</a>
 */
public final class CardWriter {
    static final int CARD_BYTES = 80;
    public static final int BLOCK_BYTES = 2880;
    /** An ordinary name; what does not match goes through HIERARCH. */
    private static final Pattern ORDINARY = Pattern.compile("[A-Z0-9_-]{1,8}");
    /** Names that mean something else where they stand first in a card. */
    private static final Set<String> RESERVED = Set.of("END", "COMMENT", "HISTORY", "CONTINUE", "HIERARCH");

    private static final int NAME_CHARACTERS = 8;
    private static final int FIXED_VALUE_CHARACTERS = 20;
    private static final int SHORTEST_TEXT = 8;
    private static final String CONTINUE = "CONTINUE  ";

    private final ByteArrayOutputStream header = new ByteArrayOutputStream(BLOCK_BYTES);

    public CardWriter add(FitsCard card) {
        if (card.type() == FitsCard.Type.COMMENTARY) {
            commentary(card);
            return this;
        }
        String name = plain(card.name().strip()).replace('=', '?');
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

    /** An ordinary card with a whole number of any size. */
    public void addInteger(String name, String digits, String comment) {
        value(pad(name, NAME_CHARACTERS) + "= ", digits, comment);
    }

    /** END, and blanks up to the end of the block. */
    public byte[] end() {
        line("END");
        while (header.size() % BLOCK_BYTES != 0) {
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
                    + " is too long: with its value " + value + " it has to fit " + CARD_BYTES + " characters");
        }
        line(withComment(card, comment));
    }

    private void text(String start, String value, String comment) {
        String quoted = value.replace("'", "''");
        boolean fixed = start.length() == NAME_CHARACTERS + 2;
        String whole = start + "'" + (fixed ? pad(quoted, SHORTEST_TEXT) : quoted) + "'";
        if (whole.length() > CARD_BYTES) {
            continued(start, quoted, comment);
            return;
        }
        boolean padded = fixed && !comment.isEmpty();
        line(withComment(padded ? pad(whole, start.length() + FIXED_VALUE_CHARACTERS) : whole, comment));
    }

    /** A text over several cards: each but the last ends in an ampersand. */
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
                        + " is too long: no room for its text is left in " + CARD_BYTES + " characters");
            }
            // A doubled quote must stay together.
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

    /** What FITS allows in a header: ASCII without control characters. */
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
