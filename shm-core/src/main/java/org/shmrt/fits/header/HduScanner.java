package org.shmrt.fits.header;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.shmrt.error.IncompatibleException;

/**
 * Goes through the headers of a file one by one. Each is copied once and judged before anything it says is used.
 *
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, sections 3 and 4.4.1</a>
 */
public final class HduScanner {
    private static final int BLOCK = CardWriter.BLOCK_BYTES;
    private static final int CARD = CardWriter.CARD_BYTES;
    private static final int MOST_AXES = 999;
    /** 28 MB of header: hundreds of thousands of cards. */
    private static final int MOST_BLOCKS = 10_000;

    private final ByteSource source;
    private long offset;
    private int index;

    public HduScanner(ByteSource source) {
        this.source = source;
    }

    /** The next header, or null after the last. */
    public Hdu next() {
        byte[] block = new byte[BLOCK];
        int found = (int) source.read(offset, MemorySegment.ofArray(block));
        String start = new String(block, 0, Math.min(found, CARD), StandardCharsets.ISO_8859_1);
        if (index > 0 && !start.startsWith("XTENSION")) {
            // the end, or records that are no header: the standard allows them behind the last one
            return null;
        }
        if (index == 0 && !start.startsWith("SIMPLE  =")) {
            throw new IncompatibleException("cannot read " + source.path() + " as FITS: "
                    + (found == 0 ? "it is empty" : "it does not start as a FITS file does"));
        }
        Header header = header(block, found);
        if (index == 0 && !header.isTrue("SIMPLE")) {
            throw header.damaged("SIMPLE is not T: it says itself that it does not conform to the standard");
        }
        long dataOffset = offset;
        Hdu hdu = new Hdu(index, kind(header), header, dataOffset, dataBytes(header));
        index++;
        offset = hdu.dataBytes() > Long.MAX_VALUE - BLOCK - dataOffset
                ? Long.MAX_VALUE
                : dataOffset + (hdu.dataBytes() + BLOCK - 1) / BLOCK * BLOCK;
        return hdu;
    }

    /** Reads blocks up to the one with END; the offset is behind it then. */
    private Header header(byte[] first, int firstFound) {
        String where = source.path() + (index == 0 ? "" : "[" + index + "]");
        ByteArrayOutputStream header = new ByteArrayOutputStream(BLOCK);
        byte[] block = first;
        int found = firstFound;
        for (int blocks = 1; blocks <= MOST_BLOCKS; blocks++) {
            offset += BLOCK;
            int end = end(block, found);
            header.write(block, 0, found);
            if (end >= 0) {
                return new Header(header.toByteArray(), (header.size() - found) / CARD + end, where);
            }
            if (found < BLOCK) {
                throw new IncompatibleException("cannot read " + where
                        + ": the file ends inside its header, before the card END; copy it again");
            }
            found = (int) source.read(offset, MemorySegment.ofArray(block));
        }
        throw new IncompatibleException("cannot read " + where + ": its header has no card END in its first "
                + MOST_BLOCKS + " blocks; the file is damaged");
    }

    /** Which card of the block is END, or -1. */
    private static int end(byte[] block, int found) {
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
        long axes = header.integer("NAXIS", 0, MOST_AXES);
        String extension = index == 0 ? "IMAGE" : header.text("XTENSION");
        if ("BINTABLE".equals(extension) || "A3DTABLE".equals(extension)) {
            return header.isTrue("ZIMAGE") ? Hdu.Kind.TILES : Hdu.Kind.OTHER;
        }
        if ((!"IMAGE".equals(extension) && !"IUEIMAGE".equals(extension)) || isGroups(header)) {
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
        long bitpix = header.integer("BITPIX", -64, 64);
        if (bitpix != 8 && bitpix != 16 && Math.abs(bitpix) != 32 && Math.abs(bitpix) != 64) {
            throw header.damaged("BITPIX is " + bitpix + ", possible are 8, 16, 32, 64, -32 and -64");
        }
        int axes = (int) header.integer("NAXIS", 0, MOST_AXES);
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
            throw header.damaged("its axes make more bytes than 63 bits can count");
        }
    }
}
