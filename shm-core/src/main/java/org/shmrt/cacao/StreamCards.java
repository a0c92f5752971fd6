package org.shmrt.cacao;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.stream.format.KeywordLayout;

/**
 * The cards of a FITS header that correspond to the keywords and the frames of a stream. Keywords have three types
 * (64-bit integer, double, text) and limited lengths; their cards are {@link FitsCard.Type#INTEGER},
 * {@link FitsCard.Type#REAL} and {@link FitsCard.Type#TEXT} with the same name, value and comment.
 *
 * <p>Stateless; safe for any thread.
 */
final class StreamCards {
    private StreamCards() {}

    /**
     * Cards of a header, separated by whether they can be keywords of a stream.
     *
     * @param keywords INTEGER, REAL and TEXT cards that fit a keyword record
     * @param leftOut cards that do not: commentary, cards without a value, names and texts that are too long
     * @param repeated cards with the name of an earlier card, which counts, as in other FITS readers
     */
    record Selection(List<FitsCard> keywords, List<FitsCard> leftOut, List<FitsCard> repeated) {
        /** Copies the lists. */
        Selection {
            keywords = List.copyOf(keywords);
            leftOut = List.copyOf(leftOut);
            repeated = List.copyOf(repeated);
        }
    }

    /**
     * Selects the cards of a header that a stream can store. True and false become 1 and 0, and a comment that is too
     * long is truncated; nothing else changes.
     *
     * @param cards cards of a header
     * @return the selected cards and the others, in order
     */
    static Selection forStream(List<FitsCard> cards) {
        List<FitsCard> keywords = new ArrayList<>();
        List<FitsCard> leftOut = new ArrayList<>();
        List<FitsCard> repeated = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (FitsCard card : cards) {
            if (card.type() != FitsCard.Type.COMMENTARY && !names.add(card.name())) {
                repeated.add(card);
            } else {
                keyword(card).ifPresentOrElse(keywords::add, () -> leftOut.add(card));
            }
        }
        return new Selection(keywords, leftOut, repeated);
    }

    private static Optional<FitsCard> keyword(FitsCard card) {
        // the text of a card from a header is ASCII, but a card can be created by a program
        if (bytes(card.name()) > KeywordLayout.TEXT_BYTES
                || (card.value() instanceof String text && bytes(text) > KeywordLayout.TEXT_BYTES)) {
            return Optional.empty();
        }
        String comment = card.comment().replaceAll("[^ -~]", "?");
        String shortComment = comment.substring(0, Math.min(comment.length(), KeywordLayout.COMMENT_BYTES));
        return switch (card.type()) {
            case INTEGER ->
                Optional.of(
                        card.value() instanceof Long number
                                ? FitsCard.of(card.name(), number, shortComment)
                                : FitsCard.of(card.name(), ((Number) card.value()).doubleValue(), shortComment));
            case REAL, TEXT -> Optional.of(new FitsCard(card.name(), card.type(), card.value(), shortComment));
            case LOGICAL -> Optional.of(FitsCard.of(card.name(), (Boolean) card.value() ? 1L : 0L, shortComment));
            case UNDEFINED, COMMENTARY -> Optional.empty();
        };
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Creates the cards for the counters and the time of a frame: {@code DATE-OBS} (UTC, with nanoseconds),
     * {@code CNT0}, {@code CNT1}, {@code CNT2}, and {@code ACQTIME}, the time in nanoseconds since 1970.
     *
     * @param cnt0 counter of the frame
     * @param cnt1 second counter of the stream
     * @param cnt2 third counter of the stream
     * @param acquiredNs acquisition time, nanoseconds since 1970-01-01 UTC; 0 if unknown, which gives no cards for it
     * @return the cards
     */
    static List<FitsCard> ofFrame(long cnt0, long cnt1, long cnt2, long acquiredNs) {
        List<FitsCard> cards = new ArrayList<>();
        if (acquiredNs != 0) {
            cards.addAll(FrameCards.ofTime(acquiredNs, true));
        }
        cards.add(FitsCard.ofUnsigned("CNT0", cnt0, "count of the frame"));
        cards.add(FitsCard.ofUnsigned("CNT1", cnt1, ""));
        cards.add(FitsCard.ofUnsigned("CNT2", cnt2, ""));
        return cards;
    }
}
