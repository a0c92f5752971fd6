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
 * @param remarks remarks for the user, one line each, about cards that were ignored
 */
public record FitsImage(MemoryImage image, List<FitsCard> cards, List<String> remarks) {
    /** Copies the lists. */
    public FitsImage {
        cards = List.copyOf(cards);
        remarks = List.copyOf(remarks);
    }
}
