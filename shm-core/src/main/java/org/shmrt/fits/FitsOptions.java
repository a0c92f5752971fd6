package org.shmrt.fits;

import java.util.List;
import org.shmrt.fits.card.FitsCard;

/**
 * How a FITS file is written, beside its pixels. Immutable; safe for any thread.
 *
 * <p>Example: {@code FitsOptions.defaults().withCards(cards).withCompression()}.
 */
public final class FitsOptions {
    private static final FitsOptions DEFAULTS = new FitsOptions(List.of(), false, null);

    private final List<FitsCard> cards;
    private final boolean compressed;
    private final FrameTimes times;

    private FitsOptions(List<FitsCard> cards, boolean compressed, FrameTimes times) {
        this.cards = cards;
        this.compressed = compressed;
        this.times = times;
    }

    /**
     * Pixels as they are, and a header that describes them alone.
     *
     * @return the options
     */
    public static FitsOptions defaults() {
        return DEFAULTS;
    }

    /**
     * With cards behind those that describe the pixels. Cards about the file's structure, such as NAXIS1 or BZERO,
     * are left out when the file is written.
     *
     * @param cards in order
     * @return new options
     */
    public FitsOptions withCards(List<FitsCard> cards) {
        return new FitsOptions(List.copyOf(cards), compressed, times);
    }

    /**
     * With compressed tiles, which other FITS readers know: Rice's algorithm for integers of up to 32 bits, gzip for
     * all other numbers, without loss. Needs the library nom-tam-fits for Rice's. The compressed image is in
     * memory while the file is written.
     *
     * @return new options
     */
    public FitsOptions withCompression() {
        return new FitsOptions(cards, true, times);
    }

    /**
     * With a table of the times of a cube's frames, in an extension TIMES behind the image.
     *
     * @param times looked at when the pixels have been written, so that it may be filled meanwhile
     * @return new options
     */
    public FitsOptions withTimes(FrameTimes times) {
        return new FitsOptions(cards, compressed, times);
    }

    List<FitsCard> cards() {
        return cards;
    }

    boolean compressed() {
        return compressed;
    }

    FrameTimes times() {
        return times;
    }
}
