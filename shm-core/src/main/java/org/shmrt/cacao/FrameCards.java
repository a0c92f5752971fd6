package org.shmrt.cacao;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.stream.ImageStream;

/**
 * The FITS header of frames saved from a stream: time and counters of the first frame, then the stream's keywords.
 * Times are UTC, whatever clock the stream's format uses. Stateless; safe for any thread.
 */
public final class FrameCards {
    private FrameCards() {}

    /**
     * The cards of a frame: {@code DATE-OBS}, {@code ACQTIME}, {@code CNT0}, {@code CNT1}, {@code CNT2}, and those of
     * the keywords the stream has now, but for keywords of these names.
     *
     * @param stream where the frame was read
     * @param cnt0 the frame's count
     * @param cnt1 the frame's second counter
     * @param cnt2 the frame's third counter
     * @param acquiredNs when it was acquired, nanoseconds since 1970 on the stream's clock; 0 if that is not known
     * @return the cards
     * @throws org.shmrt.error.ShmException if the stream is closed or was cut off
     */
    public static List<FitsCard> of(ImageStream stream, long cnt0, long cnt1, long cnt2, long acquiredNs) {
        List<FitsCard> cards = new ArrayList<>(StreamCards.ofFrame(cnt0, cnt1, cnt2, utcNs(stream, acquiredNs)));
        cards.addAll(StreamKeywords.cards(stream.keywords()));
        return cards;
    }

    /**
     * The cards of a frame of the stream's history, of which the other counters are not known.
     *
     * @param stream where the frame was read
     * @param cnt0 the frame's count
     * @param acquiredNs when it was acquired, nanoseconds since 1970 on the stream's clock; 0 if that is not known
     * @return the cards
     * @throws org.shmrt.error.ShmException if the stream is closed or was cut off
     */
    public static List<FitsCard> ofHistory(ImageStream stream, long cnt0, long acquiredNs) {
        List<FitsCard> cards = of(stream, cnt0, 0, 0, acquiredNs);
        cards.removeIf(card -> card.name().equals("CNT1") || card.name().equals("CNT2"));
        return cards;
    }

    /**
     * A time of a stream's clock as UTC.
     *
     * @param stream the stream
     * @param timeNs nanoseconds since 1970 on its clock; 0 if not known
     * @return nanoseconds since 1970, UTC; 0 if not known
     */
    public static long utcNs(ImageStream stream, long timeNs) {
        return timeNs == 0 ? 0 : timeNs - stream.layout().clock().offsetNs();
    }
}
