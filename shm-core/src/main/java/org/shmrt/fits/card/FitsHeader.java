package org.shmrt.fits.card;

import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * The description of one image of a FITS file. Immutable; safe for any thread.
 *
 * @param hdu index of the header and data unit (HDU) in the file, from 0
 * @param type type of the pixels after unsigned conventions and scaling are applied
 * @param shape slowest axis first, as in numpy and astropy: {@code (NAXIS2, NAXIS1)}
 * @param cards cards of the header in order, without those that describe the structure of the file (BITPIX, NAXIS,
 *     BZERO and similar). If a name occurs again, the first card counts. Cards that number the axes (CRPIX1 and
 *     similar) describe the section that is read
 * @param remarks remarks for the user, one line each, about cards that were ignored
 */
public record FitsHeader(int hdu, DataType type, Shape shape, List<FitsCard> cards, List<String> remarks) {
    /** Copies the lists. */
    public FitsHeader {
        cards = List.copyOf(cards);
        remarks = List.copyOf(remarks);
    }
}
