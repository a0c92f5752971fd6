package org.shmrt.fits.header;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.shmrt.fits.card.FitsCard;

/**
 * Parses a header into cards. Parsing never fails: a card that follows no rule becomes commentary, so that one odd card
 * does not make an image unreadable. {@link Header} validates the cards that an image needs. An image needs few of them,
 * so a single card is found by the bytes of its name and parsed alone. Safe for any thread.
 *
 * @see CardWriter
 */
public final class CardReader {
    private static final int CARD = FitsBlock.CARD_BYTES;
    private static final int NAME_CHARACTERS = 8;
    private static final String HIERARCH = "HIERARCH ";
    private static final String CONTINUE = "CONTINUE";
    private static final Set<String> COMMENTARY = Set.of("COMMENT", "HISTORY");
    private static final VarHandle NAME = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    /** In place of the name of a card that is not an ordinary one. */
    private static final long NO_NAME = 0;

    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    /** The length of a match is bounded by the 70 characters of a card, so conversion is always fast. */
    private static final Pattern REAL =
            Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[EeDd][+-]?[0-9]{1,6})?");

    private final byte[] header;
    /** For each card the characters of its name, or {@link #NO_NAME}. */
    private final long[] names;
    /** The ordinary cards parsed so far. They are immutable, so it does no harm if two threads parse the same one. */
    private final FitsCard[] parsed;

    /** For the first {@code cards} cards of a header. */
    CardReader(byte[] header, int cards) {
        this.header = header;
        this.names = new long[cards];
        this.parsed = new FitsCard[cards];
        for (int i = 0; i < cards; i++) {
            int at = i * CARD;
            boolean hasValue = header[at + NAME_CHARACTERS] == '=' && header[at + NAME_CHARACTERS + 1] == ' ';
            names[i] = hasValue ? (long) NAME.get(header, at) : NO_NAME;
        }
    }

    /** Parses the first {@code cards} cards of a header. Blank cards are dropped. */
    public static List<FitsCard> cards(byte[] header, int cards) {
        return new CardReader(header, cards).all();
    }

    /** All cards except blank ones. */
    List<FitsCard> all() {
        List<FitsCard> found = new ArrayList<>(names.length);
        Position position = new Position(0);
        while (position.next < names.length) {
            String line = line(position.next++);
            if (!line.isBlank()) {
                found.add(card(line, position));
            }
        }
        return found;
    }

    /**
     * The first ordinary card of a name: a HIERARCH card never describes the image.
     *
     * @param name not that of commentary
     * @return null if there is none
     */
    FitsCard first(String name) {
        if (name.length() > NAME_CHARACTERS) {
            return null;
        }
        long wanted = 0;
        for (int i = 0; i < NAME_CHARACTERS; i++) {
            wanted = wanted << Byte.SIZE | (i < name.length() ? name.charAt(i) : ' ');
        }
        for (int i = 0; i < names.length; i++) {
            if (names[i] == wanted) {
                FitsCard card = parsed[i];
                if (card == null) {
                    card = card(line(i), new Position(i + 1));
                    parsed[i] = card;
                }
                return card;
            }
        }
        return null;
    }

    /** The card that is parsed next; a long text takes several. */
    private static final class Position {
        private int next;

        Position(int next) {
            this.next = next;
        }
    }

    private String line(int index) {
        return CardWriter.plain(new String(header, index * CARD, CARD, StandardCharsets.ISO_8859_1));
    }

    private FitsCard card(String line, Position position) {
        String name = line.substring(0, NAME_CHARACTERS).stripTrailing();
        if (line.startsWith("= ", NAME_CHARACTERS) && !name.isBlank() && !COMMENTARY.contains(name)) {
            return value(name, line.substring(NAME_CHARACTERS + 2), position);
        }
        int equals = line.startsWith(HIERARCH) ? line.indexOf('=') : -1;
        String longName =
                equals < 0 ? "" : line.substring(HIERARCH.length(), equals).strip();
        if (!longName.isEmpty()) {
            return value(longName, line.substring(equals + 1), position);
        }
        return FitsCard.commentary(name, line.substring(NAME_CHARACTERS).stripTrailing());
    }

    private FitsCard value(String name, String field, Position position) {
        String body = field.stripLeading();
        if (body.startsWith("'")) {
            return text(name, body, position);
        }
        int slash = body.indexOf('/');
        String value = (slash < 0 ? body : body.substring(0, slash)).strip();
        String comment = slash < 0 ? "" : body.substring(slash + 1).strip();
        if (value.isEmpty()) {
            return FitsCard.undefined(name, comment);
        }
        if (value.equals("T") || value.equals("F")) {
            return FitsCard.of(name, value.equals("T"), comment);
        }
        if (INTEGER.matcher(value).matches()) {
            try {
                return FitsCard.of(name, Long.parseLong(value), comment);
            } catch (NumberFormatException e) {
                return FitsCard.of(name, Double.parseDouble(value), comment);
            }
        }
        if (REAL.matcher(value).matches()) {
            return FitsCard.of(name, Double.parseDouble(value.replace('D', 'E').replace('d', 'e')), comment);
        }
        // complex numbers and anything else
        return FitsCard.of(name, value, comment);
    }

    private FitsCard text(String name, String body, Position position) {
        StringBuilder value = new StringBuilder();
        String rest = quoted(body, value);
        // A long text ends in an ampersand and goes on in CONTINUE cards.
        while (value.length() > 0 && value.charAt(value.length() - 1) == '&' && position.next < names.length) {
            String following = line(position.next);
            String more = following.substring(NAME_CHARACTERS).strip();
            if (!following.startsWith(CONTINUE) || !more.startsWith("'")) {
                break;
            }
            position.next++;
            value.setLength(value.length() - 1);
            String comment = quoted(more, value);
            rest = comment.isBlank() ? rest : comment;
        }
        int slash = rest.indexOf('/');
        return FitsCard.of(
                name,
                value.toString(),
                slash < 0 ? "" : rest.substring(slash + 1).strip());
    }

    /** Appends the text between the quotes without trailing blanks, and returns the rest of the card. */
    private static String quoted(String body, StringBuilder value) {
        StringBuilder inside = new StringBuilder();
        int at = 1;
        for (; at < body.length(); at++) {
            char c = body.charAt(at);
            if (c == '\'') {
                if (at + 1 == body.length() || body.charAt(at + 1) != '\'') {
                    at++;
                    break;
                }
                at++;
            }
            inside.append(c);
        }
        int end = inside.length();
        while (end > 0 && inside.charAt(end - 1) == ' ') {
            end--;
        }
        value.append(inside, 0, end);
        return body.substring(Math.min(at, body.length()));
    }
}
