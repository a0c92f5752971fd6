package org.shmrt.record;

import java.util.List;
import java.util.Optional;
import org.shmrt.cacao.FrameCards;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.stream.format.StreamClock;

/**
 * The acquisition time of the first frame of an extract, as cards of its header. Immutable.
 *
 * @param cards none if the time is unknown
 * @param remark why there is no {@code DATE-OBS} although there is a time
 */
record AcquisitionTime(List<FitsCard> cards, Optional<String> remark) {
    private static final String DATE = "DATE-OBS";
    private static final String TIME = "ACQTIME";

    /**
     * Examines a time. It is not used as a date if it cannot be a time of day, or if the recorder, which compared it with
     * the clock of that moment, gave none to the first frame of the file.
     *
     * @param acquiredNs nanoseconds since 1970-01-01 UTC, if the writer of the stream used that clock; 0 if unknown
     * @param ofFile cards of the recorded file
     */
    static AcquisitionTime of(long acquiredNs, List<FitsCard> ofFile) {
        if (acquiredNs == 0) {
            return new AcquisitionTime(List.of(), Optional.empty());
        }
        Optional<String> fault = StreamClock.REALTIME
                .implausible(acquiredNs)
                .or(() -> has(ofFile, TIME) && !has(ofFile, DATE)
                        ? Optional.of("is no time of day according to the recorder")
                        : Optional.empty());
        return new AcquisitionTime(
                FrameCards.ofTime(acquiredNs, fault.isEmpty()),
                fault.map(text -> "no DATE-OBS, because the time of the first frame " + text));
    }

    private static boolean has(List<FitsCard> cards, String name) {
        return cards.stream().anyMatch(card -> card.name().equals(name));
    }
}
