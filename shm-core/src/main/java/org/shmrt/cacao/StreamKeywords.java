package org.shmrt.cacao;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.shmrt.error.NoSpaceException;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.keyword.Keyword;

/** A stream's keywords as FITS cards, and back. */
final class StreamKeywords {
    /** What {@link StreamCards#ofFrame} tells of one frame is not true of the next, nor of a copy of it in a stream. */
    private static final Set<String> OF_FRAME = Set.of("DATE-OBS", "ACQTIME", "CNT0", "CNT1", "CNT2");

    private final List<Keyword> keywords;
    private final int leftOut;

    private StreamKeywords(List<Keyword> keywords, int leftOut) {
        this.keywords = keywords;
        this.leftOut = leftOut;
    }

    /** Those cards of a header that a stream can hold. */
    static StreamKeywords of(List<FitsCard> cards) {
        List<Keyword> keywords = new ArrayList<>();
        StreamCards.Selection selection = StreamCards.forStream(cards);
        for (FitsCard card : selection.keywords()) {
            if (!OF_FRAME.contains(card.name())) {
                keywords.add(keyword(card));
            }
        }
        long leftOut = selection.leftOut().stream()
                .filter(card -> card.type() != FitsCard.Type.COMMENTARY && !OF_FRAME.contains(card.name()))
                .count();
        return new StreamKeywords(keywords, (int) leftOut);
    }

    private static Keyword keyword(FitsCard card) {
        Keyword keyword = switch (card.type()) {
            case INTEGER -> Keyword.of(card.name(), (Long) card.value());
            case REAL -> Keyword.of(card.name(), (Double) card.value());
            default -> Keyword.of(card.name(), (String) card.value());
        };
        return keyword.withComment(card.comment());
    }

    /** The cards that a stream's keywords become in the header of a frame. */
    static List<FitsCard> cards(List<Keyword> keywords) {
        List<FitsCard> cards = new ArrayList<>();
        for (Keyword keyword : keywords) {
            if (keyword.name().isBlank() || OF_FRAME.contains(keyword.name())) {
                continue;
            }
            cards.add(
                    switch (keyword.type()) {
                        case LONG -> FitsCard.of(keyword.name(), (Long) keyword.value(), keyword.comment());
                        case DOUBLE -> FitsCard.of(keyword.name(), (Double) keyword.value(), keyword.comment());
                        case TEXT -> FitsCard.of(keyword.name(), (String) keyword.value(), keyword.comment());
                    });
        }
        return cards;
    }

    /** How many records a new stream gets: enough, in steps of 16, so that another file's find room too. */
    int room() {
        return Math.min(0xffff, (keywords.size() / 16 + 1) * 16);
    }

    /**
     * Sets all of them, or none if there is no room.
     *
     * @return how many were set
     */
    int storeIn(ImageStream stream, List<String> remarks) {
        if (leftOut > 0) {
            remarks.add(leftOut + (leftOut == 1 ? " card of the header fits" : " cards of the header fit")
                    + " no keyword (a text or name of more than 16 bytes, or no value)");
        }
        if (keywords.isEmpty()) {
            return 0;
        }
        try {
            stream.keywordTable().update(keywords);
            return keywords.size();
        } catch (NoSpaceException e) {
            remarks.add("none of " + keywords.size() + " keywords set: the stream has room for "
                    + stream.keywordTable().capacity() + ", reload with -r to make more");
        } catch (IllegalArgumentException e) {
            remarks.add("none of " + keywords.size() + " keywords set: " + e.getMessage());
        }
        return 0;
    }
}
