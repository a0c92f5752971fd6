package org.shmrt.fits.header;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.shmrt.fits.card.FitsCard;

/**
 * Parses a header into cards. Parsing never fails: a card that follows no rule becomes commentary, so that one odd card
 * does not make an image unreadable. {@link Header} validates the cards that an image needs.
 *
 * @see CardWriter
 */
public final class CardReader {
    private static final int CARD = FitsBlock.CARD_BYTES;
    private static final int NAME_CHARACTERS = 8;
    private static final String HIERARCH = "HIERARCH ";
    private static final String CONTINUE = "CONTINUE";
    private static final Set<String> COMMENTARY = Set.of("COMMENT", "HISTORY");
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    /** The length of a match is bounded by the 70 characters of a card, so conversion is always fast. */
    private static final Pattern REAL =
            Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[EeDd][+-]?[0-9]{1,6})?");

    /** A card, and whether it is an ordinary one: a HIERARCH card never describes the image. */
    public record ParsedCard(FitsCard card, boolean ordinary) {}

    private final String text;
    private final int cards;
    private int next;

    private CardReader(byte[] header, int cards) {
        this.text = new String(header, StandardCharsets.ISO_8859_1);
        this.cards = cards;
    }

    /** Parses the first {@code cards} cards of a header. Blank cards are dropped. */
    public static List<ParsedCard> cards(byte[] header, int cards) {
        CardReader reader = new CardReader(header, cards);
        List<ParsedCard> found = new ArrayList<>();
        while (reader.next < cards) {
            String line = reader.line(reader.next++);
            if (!line.isBlank()) {
                found.add(reader.card(line));
            }
        }
        return found;
    }

    private String line(int index) {
        return CardWriter.plain(text.substring(index * CARD, (index + 1) * CARD));
    }

    private ParsedCard card(String line) {
        String name = line.substring(0, NAME_CHARACTERS).stripTrailing();
        if (line.startsWith("= ", NAME_CHARACTERS) && !name.isBlank() && !COMMENTARY.contains(name)) {
            return new ParsedCard(value(name, line.substring(NAME_CHARACTERS + 2)), true);
        }
        int equals = line.startsWith(HIERARCH) ? line.indexOf('=') : -1;
        String longName =
                equals < 0 ? "" : line.substring(HIERARCH.length(), equals).strip();
        if (!longName.isEmpty()) {
            return new ParsedCard(value(longName, line.substring(equals + 1)), false);
        }
        return new ParsedCard(
                FitsCard.commentary(name, line.substring(NAME_CHARACTERS).stripTrailing()), false);
    }

    private FitsCard value(String name, String field) {
        String body = field.stripLeading();
        if (body.startsWith("'")) {
            return text(name, body);
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

    private FitsCard text(String name, String body) {
        StringBuilder value = new StringBuilder();
        String rest = quoted(body, value);
        // A long text ends in an ampersand and goes on in CONTINUE cards.
        while (value.length() > 0 && value.charAt(value.length() - 1) == '&' && next < cards) {
            String following = line(next);
            String more = following.substring(NAME_CHARACTERS).strip();
            if (!following.startsWith(CONTINUE) || !more.startsWith("'")) {
                break;
            }
            next++;
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
