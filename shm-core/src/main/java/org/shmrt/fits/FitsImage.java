package org.shmrt.fits;

import java.util.List;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.memory.MemoryImage;

/**
 * An image of a FITS file with the cards of its header. The record is immutable; the pixels are as mutable as the memory
 * they are in.
 *
 * @param image the pixels, in C order and little-endian
 * @param cards cards of the header, without those that describe the structure of the file
 */
public record FitsImage(MemoryImage image, List<FitsCard> cards) {
    /** Copies the list of cards. */
    public FitsImage {
        cards = List.copyOf(cards);
    }
}
