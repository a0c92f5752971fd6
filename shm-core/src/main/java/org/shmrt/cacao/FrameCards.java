package org.shmrt.cacao;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
     * the current keywords of the stream except those with these names. If the time cannot be that of a frame, there is
     * no {@code DATE-OBS}, and {@code ACQTIME} is the time as stored, see {@link #timeRemark}.
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
        List<FitsCard> cards = new ArrayList<>();
        boolean plausible = stream.layout().clock().isPlausible(acquiredNs);
        if (!plausible && acquiredNs != 0) {
            cards.addAll(ofTime(acquiredNs, false));
        }
        cards.addAll(StreamCards.ofFrame(cnt0, cnt1, cnt2, plausible ? utcNs(stream, acquiredNs) : 0));
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
     * Creates the cards for a time: {@code ACQTIME}, and {@code DATE-OBS} before it if it is a time of day.
     *
     * @param acquiredNs acquisition time, nanoseconds since 1970-01-01 UTC, or as stored if it is no time of day
     * @param isTimeOfDay whether it can be the time of a frame
     * @return the cards
     */
    public static List<FitsCard> ofTime(long acquiredNs, boolean isTimeOfDay) {
        return isTimeOfDay
                ? List.of(
                        FitsCard.ofTime("DATE-OBS", acquiredNs, "UTC, acquisition of the frame"),
                        FitsCard.of("ACQTIME", acquiredNs, "[ns] the same, since 1970"))
                : List.of(FitsCard.of("ACQTIME", acquiredNs, "[ns] as stored, not a time of day"));
    }

    /**
     * The reason why the cards of a frame have no {@code DATE-OBS} although its time is known.
     *
     * @param stream stream of the frame
     * @param acquiredNs acquisition time, nanoseconds since 1970 on the clock of the stream; 0 if unknown
     * @return a sentence, or empty if they have it or the time is unknown
     */
    public static Optional<String> timeRemark(ImageStream stream, long acquiredNs) {
        return acquiredNs == 0
                ? Optional.empty()
                : stream.layout()
                        .clock()
                        .implausible(acquiredNs)
                        .map(fault -> "no DATE-OBS, because the time of the frame " + fault);
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
