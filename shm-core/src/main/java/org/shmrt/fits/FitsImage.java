package org.shmrt.fits;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.shmrt.files.Bytes;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.AxisCards;
import org.shmrt.image.pixel.Reorder;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

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

    /**
     * Swaps the last two axes, as files need whose writer transposes images, such as pyMilk.
     *
     * @return a new image of transposed planes, with the numbers of the two axes exchanged in the cards; a vector
     *     remains as it is
     * @throws org.shmrt.error.ShmException if there is not enough memory
     */
    public FitsImage transposed() {
        Shape shape = image.shape();
        if (shape.rank() < 2) {
            return this;
        }
        MemorySegment data = Bytes.allocate(image.data().byteSize(), "the transposed image");
        Reorder.swapLastAxes(image.data(), data, shape, image.type().itemBytes());
        return new FitsImage(
                new MemoryImage(image.type(), Reorder.lastAxesSwapped(shape), data),
                AxisCards.swapped(shape.rank()).of(cards),
                remarks);
    }
}
