package org.shmrt.cacao;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;

/**
 * What streams and FITS headers say of a frame, in terms of cards alone, so that neither side needs the other.
 * Streams have keywords of three types (64-bit integer, double, text), with names and texts of at most 16 bytes and
 * comments of at most 80: their cards are {@link FitsCard.Type#INTEGER}, {@link FitsCard.Type#REAL} and
 * {@link FitsCard.Type#TEXT} of the same name, value and comment.
 *
 * <p>Stateless; safe for any thread.
 */
public final class StreamCards {
    /** Longest name of a stream's keyword, bytes. */
    public static final int NAME_BYTES = 16;
    /** Longest text of a stream's keyword, bytes. */
    public static final int TEXT_BYTES = 16;
    /** Longest comment of a stream's keyword, bytes. */
    public static final int COMMENT_BYTES = 80;

    private StreamCards() {}

    /**
     * Cards that could be a stream's keywords, and those that could not.
     *
     * @param keywords INTEGER, REAL and TEXT cards that fit a stream's keyword table as they are
     * @param leftOut cards that do not: commentary, cards without a value, names and texts that are too long
     */
    public record Selection(List<FitsCard> keywords, List<FitsCard> leftOut) {
        /** Keeps copies. */
        public Selection {
            keywords = List.copyOf(keywords);
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * Chooses what of a header a stream can hold. True and false become 1 and 0; a comment that is too long is cut;
     * nothing else is changed.
     *
     * @param cards of a header
     * @return those a stream can hold, and the others, both in order
     */
    public static Selection forStream(List<FitsCard> cards) {
        List<FitsCard> keywords = new ArrayList<>();
        List<FitsCard> leftOut = new ArrayList<>();
        for (FitsCard card : cards) {
            FitsCard keyword = keyword(card);
            if (keyword == null) {
                leftOut.add(card);
            } else {
                keywords.add(keyword);
            }
        }
        return new Selection(keywords, leftOut);
    }

    private static FitsCard keyword(FitsCard card) {
        // text that came out of a header is ASCII, but a card may be made by hand
        if (bytes(card.name()) > NAME_BYTES || (card.value() instanceof String text && bytes(text) > TEXT_BYTES)) {
            return null;
        }
        String comment = CardWriter.plain(card.comment());
        comment = comment.substring(0, Math.min(comment.length(), COMMENT_BYTES));
        return switch (card.type()) {
            case INTEGER, REAL, TEXT -> new FitsCard(card.name(), card.type(), card.value(), comment);
            case LOGICAL -> FitsCard.of(card.name(), (Boolean) card.value() ? 1L : 0L, comment);
            case UNDEFINED, COMMENTARY -> null;
        };
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Cards with the counters and the time of a frame: {@code DATE-OBS} (UTC, to the nanosecond), {@code CNT0},
     * {@code CNT1}, {@code CNT2}, and {@code ACQTIME}, the time as nanoseconds since 1970.
     *
     * @param cnt0 the frame's count
     * @param cnt1 the stream's second counter
     * @param cnt2 the stream's third counter
     * @param acquiredNs when the frame was acquired, nanoseconds since 1970; 0 if that is not known, and then there
     *     are no cards of it
     * @return the cards
     */
    public static List<FitsCard> ofFrame(long cnt0, long cnt1, long cnt2, long acquiredNs) {
        List<FitsCard> cards = new ArrayList<>();
        if (acquiredNs != 0) {
            cards.add(FitsCard.ofTime("DATE-OBS", acquiredNs, "UTC, acquisition of the frame"));
            cards.add(FitsCard.of("ACQTIME", acquiredNs, "[ns] the same, since 1970"));
        }
        cards.add(FitsCard.of("CNT0", cnt0, "count of the frame"));
        cards.add(FitsCard.of("CNT1", cnt1, ""));
        cards.add(FitsCard.of("CNT2", cnt2, ""));
        return cards;
    }
}
