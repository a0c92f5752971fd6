package org.shmrt.fits.header;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.text.FileNames;

/**
 * Iterates over the headers of a file. Each header is copied once and validated before any of its values is used.
 *
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, sections 3 and 4.4.1</a>
 */
public final class HduScanner {
    private static final int BLOCK = FitsBlock.BYTES;
    private static final int CARD = FitsBlock.CARD_BYTES;
    private static final int MAX_AXES = 999;
    /** A header of 28 MB, with hundreds of thousands of cards. */
    private static final int MAX_BLOCKS = 10_000;

    private final ByteSource source;
    private long offset;
    private int index;

    public HduScanner(ByteSource source) {
        this.source = source;
    }

    /**
     * Scans from an extension on.
     *
     * @param offset where its header begins
     */
    public static HduScanner ofExtension(ByteSource source, long offset) {
        HduScanner scanner = new HduScanner(source);
        scanner.offset = offset;
        scanner.index = 1;
        return scanner;
    }

    /** The next header and data unit; empty after the last one. */
    public Optional<Hdu> next() {
        byte[] block = new byte[BLOCK];
        int found = (int) source.read(offset, MemorySegment.ofArray(block));
        String start = new String(block, 0, Math.min(found, CARD), StandardCharsets.ISO_8859_1);
        if (index > 0 && !start.startsWith("XTENSION")) {
            // end of file, or special records, which the standard allows after the last HDU
            return Optional.empty();
        }
        if (index == 0 && !start.startsWith("SIMPLE  =")) {
            throw new IncompatibleException("cannot read " + FileNames.text(source.path()) + " as FITS: "
                    + (found == 0
                            ? "it is empty"
                            : ForeignCompression.of(block, found)
                                    .map(compression -> compression.advice(FileNames.text(source.path())))
                                    .orElse("it does not start with a SIMPLE card")));
        }
        Header header = header(block, found);
        if (index == 0 && !header.isTrue("SIMPLE")) {
            throw header.damaged("SIMPLE is not T, so the file does not conform to the standard");
        }
        long dataOffset = offset;
        Hdu hdu = new Hdu(index, kind(header), header, dataOffset, dataBytes(header));
        index++;
        offset = hdu.dataBytes() > Long.MAX_VALUE - BLOCK - dataOffset
                ? Long.MAX_VALUE
                : dataOffset + FitsBlock.roundUp(hdu.dataBytes());
        return Optional.of(hdu);
    }

    /** Reads blocks up to the one with END, and moves the offset to the data. */
    private Header header(byte[] first, int firstFound) {
        String location = FileNames.text(source.path()) + (index == 0 ? "" : "[" + index + "]");
        ByteArrayOutputStream header = new ByteArrayOutputStream(BLOCK);
        byte[] block = first;
        int found = firstFound;
        for (int blocks = 1; blocks <= MAX_BLOCKS; blocks++) {
            offset += BLOCK;
            int end = indexOfEnd(block, found);
            header.write(block, 0, found);
            if (end >= 0) {
                return new Header(header.toByteArray(), (header.size() - found) / CARD + end, location);
            }
            if (found < BLOCK) {
                throw new IncompatibleException("cannot read " + location
                        + ": the file ends inside the header, before the card END; copy it again");
            }
            found = (int) source.read(offset, MemorySegment.ofArray(block));
        }
        throw new IncompatibleException("cannot read " + location + ": its header has no card END in its first "
                + MAX_BLOCKS + " blocks; the file is damaged");
    }

    /** Index of the card END in the block, or -1. */
    private static int indexOfEnd(byte[] block, int found) {
        for (int card = 0; (card + 1) * CARD <= found; card++) {
            int at = card * CARD;
            if (block[at] == 'E'
                    && new String(block, at, CARD, StandardCharsets.ISO_8859_1)
                            .stripTrailing()
                            .equals("END")) {
                return card;
            }
        }
        return -1;
    }

    private Hdu.Kind kind(Header header) {
        long axes = header.integer("NAXIS", 0, MAX_AXES);
        String extension = index == 0 ? "IMAGE" : header.text("XTENSION").orElse("");
        if (extension.equals("BINTABLE") || extension.equals("A3DTABLE")) {
            return header.isTrue("ZIMAGE") ? Hdu.Kind.TILES : Hdu.Kind.OTHER;
        }
        if ((!extension.equals("IMAGE") && !extension.equals("IUEIMAGE")) || isGroups(header)) {
            return Hdu.Kind.OTHER;
        }
        boolean empty = axes == 0;
        for (int axis = 1; axis <= axes; axis++) {
            empty |= header.integer("NAXIS" + axis, 0, Long.MAX_VALUE) == 0;
        }
        return empty ? Hdu.Kind.EMPTY : Hdu.Kind.IMAGE;
    }

    private boolean isGroups(Header header) {
        return index == 0 && header.isTrue("GROUPS") && header.integerOr("NAXIS1", 1, 0, Long.MAX_VALUE) == 0;
    }

    private long dataBytes(Header header) {
        int bitpix = header.bitpix("BITPIX");
        int axes = (int) header.integer("NAXIS", 0, MAX_AXES);
        boolean groups = isGroups(header);
        boolean extension = index > 0;
        try {
            long elements = axes == 0 ? 0 : 1;
            for (int axis = groups ? 2 : 1; axis <= axes; axis++) {
                elements = Math.multiplyExact(elements, header.integer("NAXIS" + axis, 0, Long.MAX_VALUE));
            }
            if (extension || groups) {
                elements = Math.addExact(elements, header.integerOr("PCOUNT", 0, 0, Long.MAX_VALUE));
                elements = Math.multiplyExact(elements, header.integerOr("GCOUNT", 1, 0, Long.MAX_VALUE));
            }
            return Math.multiplyExact(elements, Math.abs(bitpix) / Byte.SIZE);
        } catch (ArithmeticException e) {
            throw header.damaged("its axes describe more bytes than 63 bits can count");
        }
    }
}
