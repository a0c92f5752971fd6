package org.shmrt.fits;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shmrt.files.Bytes;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.AxisCards;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.FitsBlock;
import org.shmrt.fits.header.Header;
import org.shmrt.fits.pixel.ByteSwap;
import org.shmrt.fits.pixel.StoredType;
import org.shmrt.fits.tile.TileWriter;
import org.shmrt.image.pixel.Reorder;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Writes one image as a FITS file: header, then plain pixels or compressed tiles, then the table of times. */
final class ImageWriter {
    private static final int CHUNK_BYTES = 256 << 10;

    private final DataType type;
    private final Shape shape;
    private final Shape given;
    private final Shape part;
    private final boolean isTransposed;
    private final StoredType stored;
    private final FitsOptions options;
    private final List<FitsCard> cards = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final MemorySegment scratch = Arena.ofAuto().allocate(CHUNK_BYTES, Long.BYTES);
    private final byte[] chunk = new byte[CHUNK_BYTES];

    /**
     * Prepares to write an image.
     *
     * @param type type of the pixels
     * @param shape shape of the whole image, slowest axis first
     * @param part shape of the parts that are passed to the writer: the image, or a frame of it
     * @param options cards, storage and times
     * @throws IllegalArgumentException if FITS cannot represent the image
     */
    ImageWriter(DataType type, Shape shape, Shape part, FitsOptions options) {
        this.type = type;
        this.given = part;
        this.isTransposed = options.axes() == FitsOptions.Axes.TRANSPOSED && part.rank() > 1;
        this.part = isTransposed ? Reorder.lastAxesSwapped(part) : part;
        this.stored = StoredType.of(type);
        this.options = options;
        stored.note().ifPresent(notes::add);
        if (options.storage() == FitsOptions.Storage.COMPRESSED_TILES && !isCompressible()) {
            notes.add(type
                    + " written without compression, because other FITS readers refuse compressed 64-bit integers");
        }
        selectCards();
        // FITS has no image without axes: a scalar becomes a vector of one element
        this.shape = shape.rank() == 0 ? Shape.of(1) : isTransposed ? Reorder.lastAxesSwapped(shape) : shape;
        if (shape.elementCount() == 0) {
            throw new IllegalArgumentException("an image of " + shape + " has no pixels; FITS cannot represent it");
        }
    }

    /** The standard defines compressed images of 8, 16 and 32 bits only; cfitsio refuses others. */
    private boolean isCompressible() {
        return stored.bitpix() != Long.SIZE;
    }

    /** Selects the cards to write: a name occurs once in a valid header, and some names are reserved. */
    private void selectCards() {
        Set<String> names = new HashSet<>();
        List<FitsCard> all = isTransposed ? AxisCards.swapped(part.rank()).of(options.cards()) : options.cards();
        for (FitsCard card : all) {
            if (card.type() == FitsCard.Type.COMMENTARY) {
                cards.add(card);
                continue;
            }
            String name = CardWriter.nameOf(card);
            if (Header.isStructure(name)) {
                notes.add("keyword " + name + " left out: FITS reserves the name for the file structure");
            } else if (names.add(name)) {
                cards.add(card);
            } else {
                notes.add("keyword " + name + " left out: it occurs again, and the first one counts");
            }
        }
    }

    /** Remarks for the user in one line, if there are any. */
    Optional<String> note() {
        return notes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", notes));
    }

    /** Whether the pixels are not compressed. */
    boolean isPlain() {
        return options.storage() == FitsOptions.Storage.PLAIN || !isCompressible();
    }

    /**
     * Writes the file.
     *
     * @param count number of parts along the slowest axis
     * @param source supplies the parts
     * @return number of parts written; if it is less than {@code count}, the header of plain pixels is wrong
     */
    long writeTo(OutputStream out, long count, FitsFile.Frames source) throws IOException {
        FitsFile.Frames frames = isTransposed ? transposed(source) : source;
        long written = 0;
        if (!isPlain()) {
            out.write(CardWriter.primaryWithoutImage("the image is in the extension"));
            TileWriter tiles = new TileWriter(type, shape, part, stored);
            while (written < count && !frames.endsBefore(written)) {
                tiles.add(frames.frame(written));
                written++;
            }
            if (written < count) {
                return written;
            }
            tiles.writeTo(out, header -> {
                if (cards.stream().noneMatch(card -> card.name().strip().equals("EXTNAME"))) {
                    header.add(FitsCard.of("EXTNAME", "COMPRESSED_IMAGE", ""));
                }
                describe(header);
            });
        } else {
            written = writePlain(out, count, frames);
        }
        if (options.times().isPresent()) {
            options.times().get().writeTo(out);
        }
        return written;
    }

    private FitsFile.Frames transposed(FitsFile.Frames frames) {
        MemorySegment planes = Bytes.allocate(given.byteSize(type), "the transposed frames");
        return new FitsFile.Frames() {
            @Override
            public MemorySegment frame(long index) {
                Reorder.swapLastAxes(frames.frame(index), planes, given, type.itemBytes());
                return planes;
            }

            @Override
            public boolean endsBefore(long index) {
                return frames.endsBefore(index);
            }
        };
    }

    private long writePlain(OutputStream out, long count, FitsFile.Frames frames) throws IOException {
        out.write(plainHeader(shape.length(0)));
        long written = 0;
        while (written < count && !frames.endsBefore(written)) {
            writePixels(out, frames.frame(written));
            written++;
        }
        FitsBlock.pad(out, shape.elementCount() / count * written * stored.storedBytes());
        return written;
    }

    /** The header in front of plain pixels, for an image of which the slowest axis has another length. */
    byte[] plainHeader(long slowest) {
        CardWriter header = new CardWriter();
        header.add(FitsCard.of("SIMPLE", true, "conforms to FITS standard"));
        header.add(FitsCard.of("BITPIX", stored.bitpix(), "bits of a pixel, negative for floating point"));
        header.add(FitsCard.of("NAXIS", shape.rank(), "number of axes"));
        for (int axis = 1; axis <= shape.rank(); axis++) {
            long length = axis == shape.rank() ? slowest : shape.length(shape.rank() - axis);
            header.add(FitsCard.of("NAXIS" + axis, length, axis == 1 ? "fastest axis" : ""));
        }
        if (options.times().isPresent()) {
            header.add(FitsCard.of("EXTEND", true, "a table of times follows"));
        }
        describe(header);
        return header.end();
    }

    private void describe(CardWriter header) {
        stored.describe(header);
        cards.forEach(header::add);
    }

    private void writePixels(OutputStream out, MemorySegment frame) throws IOException {
        long elements = frame.byteSize() / type.itemBytes();
        int maxCount = CHUNK_BYTES / stored.storedBytes();
        for (long at = 0; at < elements; at += maxCount) {
            int count = (int) Math.min(maxCount, elements - at);
            int bytes = count * stored.storedBytes();
            stored.copy(frame, at, count, scratch);
            ByteSwap.toFile(scratch.asSlice(0, bytes), stored.storedBytes(), stored.flip());
            MemorySegment.copy(scratch, ValueLayout.JAVA_BYTE, 0, chunk, 0, bytes);
            out.write(chunk, 0, bytes);
        }
    }
}
