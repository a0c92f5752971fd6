package org.shmrt.fits.card;

import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * What a FITS file says about one of its images.
 *
 * @param hdu which header of the file it is, from 0
 * @param type as what its pixels are handed out, unsigned conventions and scaling applied
 * @param shape slowest axis first, as numpy and astropy show it: {@code (NAXIS2, NAXIS1)}
 * @param cards the header's cards but those about the file's structure (BITPIX, NAXIS, BZERO and the like), in order
 */
public record FitsHeader(int hdu, DataType type, Shape shape, List<FitsCard> cards) {
    /** Keeps a copy of the cards. */
    public FitsHeader {
        cards = List.copyOf(cards);
    }
}
