package org.shmrt.cacao;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.stream.ImageStream;

/**
 * Creates the cards for the FITS header of frames that are saved from a stream: time and counters of a frame, then the
 * keywords of the stream. Times are in UTC, whatever clock the format of the stream uses.
 *
 * <p>Stateless; safe for any thread.
 */
public final class FrameCards {
    private FrameCards() {}

    /**
     * Creates the cards for a frame: {@code DATE-OBS}, {@code ACQTIME}, {@code CNT0}, {@code CNT1}, {@code CNT2}, and
     * the current keywords of the stream except those with these names.
     *
     * @param stream stream of the frame
     * @param cnt0 counter of the frame
     * @param cnt1 second counter of the frame
     * @param cnt2 third counter of the frame
     * @param acquiredNs acquisition time, nanoseconds since 1970 on the clock of the stream; 0 if unknown
     * @return the cards
     * @throws org.shmrt.error.ShmException if the stream is closed or was truncated
     */
    public static List<FitsCard> of(ImageStream stream, long cnt0, long cnt1, long cnt2, long acquiredNs) {
        List<FitsCard> cards = new ArrayList<>(StreamCards.ofFrame(cnt0, cnt1, cnt2, utcNs(stream, acquiredNs)));
        cards.addAll(StreamKeywords.cards(stream.keywords()));
        return cards;
    }

    /**
     * Creates the cards for a frame of the history of a stream. There are no cards for the other counters, which are
     * unknown.
     *
     * @param stream stream of the frame
     * @param cnt0 counter of the frame
     * @param acquiredNs acquisition time, nanoseconds since 1970 on the clock of the stream; 0 if unknown
     * @return the cards
     * @throws org.shmrt.error.ShmException if the stream is closed or was truncated
     */
    public static List<FitsCard> ofHistory(ImageStream stream, long cnt0, long acquiredNs) {
        List<FitsCard> cards = of(stream, cnt0, 0, 0, acquiredNs);
        cards.removeIf(card -> card.name().equals("CNT1") || card.name().equals("CNT2"));
        return cards;
    }

    /**
     * Converts a time on the clock of a stream to UTC.
     *
     * @param stream the stream
     * @param timeNs nanoseconds since 1970 on the clock of the stream; 0 if unknown
     * @return nanoseconds since 1970-01-01 UTC; 0 if unknown
     */
    public static long utcNs(ImageStream stream, long timeNs) {
        return timeNs == 0 ? 0 : timeNs - stream.layout().clock().offsetNs();
    }
}
