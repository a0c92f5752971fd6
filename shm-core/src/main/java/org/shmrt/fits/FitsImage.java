package org.shmrt.fits;

import java.util.List;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.memory.MemoryImage;

/**
 * An image of a FITS file with what its header says of it.
 *
 * @param image the pixels, in C order and little-endian
 * @param cards the header's cards but those about the file's structure
 */
public record FitsImage(MemoryImage image, List<FitsCard> cards) {
    /** Keeps a copy of the cards. */
    public FitsImage {
        cards = List.copyOf(cards);
    }
}
