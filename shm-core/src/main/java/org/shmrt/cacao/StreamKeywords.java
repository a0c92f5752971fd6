package org.shmrt.cacao;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.shmrt.error.NoSpaceException;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.keyword.Keyword;

/** Converts between the keywords of a stream and FITS cards. */
final class StreamKeywords {
    /** Cards of {@link StreamCards#ofFrame}: they describe one frame, and neither the next one nor a copy in a stream. */
    private static final Set<String> OF_FRAME = Set.of("DATE-OBS", "ACQTIME", "CNT0", "CNT1", "CNT2");

    private static final int MAX_RECORDS = 0xffff;
    private static final int RECORD_STEP = 16;
    private static final int MAX_SHOWN = 10;

    private final List<Keyword> keywords;
    private final List<String> leftOut;
    private final List<String> repeated;

    private StreamKeywords(List<Keyword> keywords, List<String> leftOut, List<String> repeated) {
        this.keywords = keywords;
        this.leftOut = leftOut;
        this.repeated = repeated;
    }

    /** The cards of a header that a stream can store. */
    static StreamKeywords of(List<FitsCard> cards) {
        StreamCards.Selection selection = StreamCards.forStream(cards);
        List<Keyword> keywords = selection.keywords().stream()
                .filter(card -> !OF_FRAME.contains(card.name()))
                .map(StreamKeywords::keyword)
                .toList();
        return new StreamKeywords(keywords, names(selection.leftOut()), names(selection.repeated()));
    }

    private static List<String> names(List<FitsCard> cards) {
        return cards.stream()
                .filter(card -> card.type() != FitsCard.Type.COMMENTARY && !OF_FRAME.contains(card.name()))
                .map(FitsCard::name)
                .distinct()
                .toList();
    }

    /** Names for a message in one line, not more than a reader would look at. */
    private static String shown(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(MAX_SHOWN, names.size())))
                + (names.size() > MAX_SHOWN ? " and " + (names.size() - MAX_SHOWN) + " more" : "");
    }

    private static Keyword keyword(FitsCard card) {
        Keyword keyword = switch (card.type()) {
            case INTEGER -> Keyword.of(card.name(), (Long) card.value());
            case REAL -> Keyword.of(card.name(), (Double) card.value());
            default -> Keyword.of(card.name(), (String) card.value());
        };
        return keyword.withComment(card.comment());
    }

    /** The cards for the keywords of a stream in the header of a frame. */
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

    /** Number of records for a new stream, in steps of 16, so that the keywords of another file fit too. */
    int recordCount() {
        return Math.min(MAX_RECORDS, (keywords.size() / RECORD_STEP + 1) * RECORD_STEP);
    }

    /**
     * Sets all keywords in a stream, or none if they do not fit.
     *
     * @param remarks receives remarks for the user
     * @return number of keywords that were set
     */
    int storeIn(ImageStream stream, List<String> remarks) {
        if (!leftOut.isEmpty()) {
            remarks.add(leftOut.size() + (leftOut.size() == 1 ? " card of the header fits" : " cards of the header fit")
                    + " no keyword (a text or name of more than 16 bytes, or no value): " + shown(leftOut));
        }
        if (!repeated.isEmpty()) {
            remarks.add(shown(repeated) + (repeated.size() == 1 ? " occurs" : " occur")
                    + " more than once in the header: the first card counts");
        }
        if (keywords.isEmpty()) {
            return 0;
        }
        try {
            stream.keywordTable().update(keywords);
            return keywords.size();
        } catch (NoSpaceException e) {
            remarks.add("none of " + keywords.size() + " keywords set: the stream has room for "
                    + stream.keywordTable().capacity() + "; load again with -r to make room");
        } catch (IllegalArgumentException e) {
            remarks.add("none of " + keywords.size() + " keywords set: " + e.getMessage());
        }
        return 0;
    }
}
