package org.shmrt.fits;

import java.util.List;
import java.util.Optional;
import org.shmrt.fits.card.FitsCard;

/**
 * Options for writing a FITS file. Immutable; safe for any thread. Each {@code with} method returns a changed copy.
 *
 * <p>Example: {@code FitsOptions.defaults().withCards(cards).withCompression()}.
 */
public final class FitsOptions {
    private static final FitsOptions DEFAULTS =
            new FitsOptions(List.of(), Storage.PLAIN, Axes.AS_GIVEN, Optional.empty());

    /** How pixels are stored. */
    enum Storage {
        PLAIN,
        COMPRESSED_TILES
    }

    /** Order of the last two axes of a frame in the file. */
    enum Axes {
        AS_GIVEN,
        TRANSPOSED
    }

    private final List<FitsCard> cards;
    private final Storage storage;
    private final Axes axes;
    private final Optional<FrameTimes> times;

    private FitsOptions(List<FitsCard> cards, Storage storage, Axes axes, Optional<FrameTimes> times) {
        this.cards = cards;
        this.storage = storage;
        this.axes = axes;
        this.times = times;
    }

    /**
     * Plain pixels, and a header that describes nothing else.
     *
     * @return the options
     */
    public static FitsOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Adds cards after those that describe the pixels. Cards that describe the structure of a file, such as NAXIS1 or
     * BZERO, are left out when the file is written.
     *
     * @param cards the cards in order; they replace those given before
     * @return new options
     */
    public FitsOptions withCards(List<FitsCard> cards) {
        return new FitsOptions(List.copyOf(cards), storage, axes, times);
    }

    /**
     * Compresses the image in tiles without loss, in a form that other FITS readers support: Rice's algorithm for
     * integers of up to 32 bits, gzip for floating-point numbers. 64-bit integers are written without compression, because
     * other readers refuse them. Rice's algorithm needs the library nom-tam-fits. The
     * compressed image is in memory while the file is written.
     *
     * @return new options
     */
    public FitsOptions withCompression() {
        return new FitsOptions(cards, Storage.COMPRESSED_TILES, axes, times);
    }

    /**
     * Adds a table with the times of the frames of a cube, in an extension TIMES after the image.
     *
     * @param times the table; it is read after the pixels have been written, so it may be filled in the meantime
     * @return new options
     */
    public FitsOptions withTimes(FrameTimes times) {
        return new FitsOptions(cards, storage, axes, Optional.of(times));
    }

    /**
     * Swaps the last two axes of each frame, as pyMilk's {@code save_as_fits} does. Cards that number these axes, such as
     * CRPIX1, exchange their numbers. Vectors remain as they are.
     *
     * @return new options
     */
    public FitsOptions transposed() {
        return new FitsOptions(cards, storage, Axes.TRANSPOSED, times);
    }

    Axes axes() {
        return axes;
    }

    List<FitsCard> cards() {
        return cards;
    }

    Storage storage() {
        return storage;
    }

    Optional<FrameTimes> times() {
        return times;
    }
}
