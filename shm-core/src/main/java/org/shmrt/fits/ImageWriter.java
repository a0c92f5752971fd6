package org.shmrt.fits;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.Header;
import org.shmrt.fits.pixel.ByteSwap;
import org.shmrt.fits.pixel.StoredType;
import org.shmrt.fits.tile.TileWriter;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Writes one image as a FITS file: the header, then plain pixels or compressed tiles, then the times. */
public final class ImageWriter {
    private static final int CHUNK_BYTES = 256 << 10;
    private static final int BLOCK = CardWriter.BLOCK_BYTES;

    private final DataType type;
    private final Shape shape;
    private final Shape part;
    private final StoredType stored;
    private final FitsOptions options;
    private final MemorySegment scratch = Arena.ofAuto().allocate(CHUNK_BYTES, Long.BYTES);
    private final byte[] chunk = new byte[CHUNK_BYTES];

    /**
     * Of an image.
     *
     * @param part shape of what is given at a time: the image, or a frame of it
     * @throws IllegalArgumentException if FITS cannot hold it
     */
    ImageWriter(DataType type, Shape shape, Shape part, FitsOptions options) {
        this.type = type;
        this.part = part;
        this.stored = StoredType.of(type);
        this.options = options;
        // FITS has no image without axes: a scalar is a vector of one element
        this.shape = shape.rank() == 0 ? Shape.of(1) : shape;
        if (shape.elementCount() == 0) {
            throw new IllegalArgumentException("an image of " + shape + " has no pixels, and FITS cannot hold it");
        }
    }

    /** What is worth telling the user, or null. */
    String note() {
        StringBuilder note = new StringBuilder(stored.note() == null ? "" : stored.note());
        for (FitsCard card : options.cards()) {
            if (isLeftOut(card)) {
                note.append(note.isEmpty() ? "" : "; ")
                        .append("keyword ")
                        .append(card.name())
                        .append(" left out: the file needs that name for its own structure");
            }
        }
        return note.isEmpty() ? null : note.toString();
    }

    private static boolean isLeftOut(FitsCard card) {
        return card.type() != FitsCard.Type.COMMENTARY
                && Header.isStructure(card.name().strip());
    }

    /**
     * Writes all of it.
     *
     * @param count parts of equal size, one behind the other along the slowest axis
     * @param frames gives the parts
     */
    void writeTo(OutputStream out, long count, FitsFile.Frames frames) throws IOException {
        if (options.compressed()) {
            CardWriter empty = new CardWriter();
            empty.add(FitsCard.of("SIMPLE", true, "conforms to FITS standard"));
            empty.add(FitsCard.of("BITPIX", 8, ""));
            empty.add(FitsCard.of("NAXIS", 0, "the image is in the extension"));
            empty.add(FitsCard.of("EXTEND", true, ""));
            out.write(empty.end());
            TileWriter tiles = new TileWriter(type, shape, part, stored);
            for (long i = 0; i < count; i++) {
                tiles.add(frames.frame(i));
            }
            tiles.writeTo(out, this::describe);
        } else {
            plain(out, count, frames);
        }
        if (options.times() != null) {
            options.times().writeTo(out);
        }
    }

    private void plain(OutputStream out, long count, FitsFile.Frames frames) throws IOException {
        CardWriter header = new CardWriter();
        header.add(FitsCard.of("SIMPLE", true, "conforms to FITS standard"));
        header.add(FitsCard.of("BITPIX", stored.bitpix(), "bits of a pixel, negative for floating point"));
        header.add(FitsCard.of("NAXIS", shape.rank(), "number of axes"));
        for (int axis = 1; axis <= shape.rank(); axis++) {
            header.add(FitsCard.of("NAXIS" + axis, shape.length(shape.rank() - axis), axis == 1 ? "fastest axis" : ""));
        }
        if (options.times() != null) {
            header.add(FitsCard.of("EXTEND", true, "a table of times follows"));
        }
        describe(header);
        out.write(header.end());
        for (long i = 0; i < count; i++) {
            pixels(out, frames.frame(i));
        }
        pad(out, shape.elementCount() * stored.storedBytes());
    }

    private void describe(CardWriter header) {
        stored.describe(header);
        for (FitsCard card : options.cards()) {
            if (!isLeftOut(card)) {
                header.add(card);
            }
        }
    }

    private void pixels(OutputStream out, MemorySegment frame) throws IOException {
        long elements = frame.byteSize() / type.itemBytes();
        int most = CHUNK_BYTES / stored.storedBytes();
        for (long at = 0; at < elements; at += most) {
            int count = (int) Math.min(most, elements - at);
            int bytes = count * stored.storedBytes();
            stored.copy(frame, at, count, scratch);
            ByteSwap.toFile(scratch.asSlice(0, bytes), stored.storedBytes(), stored.flip());
            MemorySegment.copy(scratch, ValueLayout.JAVA_BYTE, 0, chunk, 0, bytes);
            out.write(chunk, 0, bytes);
        }
    }

    public static void pad(OutputStream out, long written) throws IOException {
        out.write(new byte[(int) ((BLOCK - written % BLOCK) % BLOCK)]);
    }
}
