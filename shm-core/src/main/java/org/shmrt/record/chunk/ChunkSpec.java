package org.shmrt.record.chunk;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.Header;
import org.shmrt.fits.pixel.StoredType;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * What the frames of a chunk are. Immutable.
 *
 * @param type type of the elements
 * @param frame shape of a frame, slowest axis first
 * @param cards description of the stream and its keywords; of several cards with one name the first counts
 */
public record ChunkSpec(DataType type, Shape frame, List<FitsCard> cards) {
    /** Frames that are missing in the chunk, before its first frame included. */
    static final String LOST = "NLOST";
    /** Frames that are missing after the last frame of a stream, when its recording ended. */
    static final String LOST_AT_END = "LOSTEND";
    /** Type of the elements in memory. */
    static final String DTYPE = "DTYPE";

    private static final int FIRST_AXIS_CARD = 3;

    /** Copies the list; a frame that is a single number becomes a vector of one, because FITS has no image without axes. */
    public ChunkSpec {
        cards = List.copyOf(cards);
        frame = frame.rank() == 0 ? Shape.of(1) : frame;
    }

    /** Size of a frame in memory, bytes. */
    public long frameBytes() {
        return frame.byteSize(type);
    }

    /**
     * Checks that FITS has a form for the frames.
     *
     * @throws IllegalArgumentException if it has none
     */
    public void requireStorable() {
        StoredType ignored = StoredType.of(type);
    }

    /** Index of the card with the number of frames. */
    int framesCard() {
        return framesCard(frame.rank());
    }

    /** The same for frames with a number of axes. */
    static int framesCard(int rank) {
        return FIRST_AXIS_CARD + rank;
    }

    FitsCard framesCard(long frames) {
        return FitsCard.of("NAXIS" + (frame.rank() + 1), frames, "frames");
    }

    /** The card with the number of missing frames. */
    public static FitsCard lostCard(long lost) {
        return FitsCard.of(LOST, lost, "frames missing in this file");
    }

    /** The card with the number of frames that are missing after the last one. */
    public static FitsCard lostAtEndCard(long lost) {
        return FitsCard.of(LOST_AT_END, lost, "frames missing after the last one");
    }

    /** The header of the cube. Its size does not depend on the numbers. */
    byte[] header(StoredType stored, long frames) {
        CardWriter header = new CardWriter();
        header.add(FitsCard.of("SIMPLE", true, "conforms to FITS standard"));
        header.add(FitsCard.of("BITPIX", stored.bitpix(), "bits of a pixel, negative for floating point"));
        header.add(FitsCard.of("NAXIS", frame.rank() + 1, "number of axes"));
        for (int axis = 1; axis <= frame.rank(); axis++) {
            header.add(FitsCard.of("NAXIS" + axis, frame.length(frame.rank() - axis), axis == 1 ? "fastest axis" : ""));
        }
        header.add(framesCard(frames));
        header.add(FitsCard.of("EXTEND", true, "a table of the frames follows"));
        describe(header, stored);
        return header.end();
    }

    /** The cards after those of the structure. */
    void describe(CardWriter header, StoredType stored) {
        stored.describe(header);
        for (FitsCard card : descriptive()) {
            header.add(card);
        }
    }

    /** The cards that describe the stream, the recording and its frames. */
    List<FitsCard> descriptive() {
        List<FitsCard> all = new ArrayList<>();
        all.addAll(cards);
        all.add(lostCard(0));
        all.add(lostAtEndCard(0));
        all.add(FitsCard.of(DTYPE, type.numpyName(), "type of the elements in memory"));
        Set<String> names = new HashSet<>();
        all.removeIf(card -> card.type() != FitsCard.Type.COMMENTARY
                && (Header.isStructure(CardWriter.nameOf(card)) || !names.add(CardWriter.nameOf(card))));
        return all;
    }
}
