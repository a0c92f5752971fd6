package org.shmrt.fits;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.FitsBlock;

/**
 * Counters and times of the frames of a cube, one row per frame. They are written as a binary table after the cube, with
 * the columns {@code CNT0} and {@code ACQUIRED_NS} (nanoseconds since 1970-01-01 UTC), both 64-bit integers. Counters
 * from 2^63 on are stored as unsigned integers, with {@code TZERO1}. Not thread-safe.
 */
public final class FrameTimes {
    private static final int ROW_BYTES = 2 * Long.BYTES;

    private long[] rows = new long[64];
    private int used;

    /** Creates an empty table. */
    public FrameTimes() {}

    /**
     * Adds a row.
     *
     * @param cnt0 counter of the frame
     * @param acquiredNs acquisition time, nanoseconds since 1970-01-01 UTC
     */
    public void add(long cnt0, long acquiredNs) {
        if (used == rows.length) {
            rows = Arrays.copyOf(rows, used * 2);
        }
        rows[used++] = cnt0;
        rows[used++] = acquiredNs;
    }

    /**
     * Returns the number of rows.
     *
     * @return number of frames added
     */
    public int size() {
        return used / 2;
    }

    void writeTo(OutputStream out) throws IOException {
        CardWriter header = new CardWriter();
        header.add(FitsCard.of("XTENSION", "BINTABLE", "binary table"));
        header.add(FitsCard.of("BITPIX", 8, ""));
        header.add(FitsCard.of("NAXIS", 2, ""));
        header.add(FitsCard.of("NAXIS1", ROW_BYTES, "bytes a row"));
        header.add(FitsCard.of("NAXIS2", size(), "rows"));
        header.add(FitsCard.of("PCOUNT", 0, ""));
        header.add(FitsCard.of("GCOUNT", 1, ""));
        header.add(FitsCard.of("TFIELDS", 2, "columns"));
        header.add(FitsCard.of("TTYPE1", "CNT0", "count of the frame"));
        header.add(FitsCard.of("TFORM1", "1K", ""));
        boolean large = hasLargeCounter();
        if (large) {
            // FITS has no unsigned integers: it stores them less 2^63, by a convention of the standard.
            header.addInteger("TZERO1", Long.toUnsignedString(Long.MIN_VALUE), "unsigned 64-bit integers");
        }
        header.add(FitsCard.of("TTYPE2", "ACQUIRED_NS", "when it was acquired, since 1970-01-01, UTC"));
        header.add(FitsCard.of("TFORM2", "1K", ""));
        header.add(FitsCard.of("TUNIT2", "ns", ""));
        header.add(FitsCard.of("EXTNAME", "TIMES", ""));
        out.write(header.end());
        int unpadded = size() * ROW_BYTES;
        ByteBuffer table = ByteBuffer.allocate((int) FitsBlock.roundUp(unpadded));
        LongBuffer longs = table.asLongBuffer();
        for (int at = 0; at < used; at += 2) {
            longs.put(large ? rows[at] ^ Long.MIN_VALUE : rows[at]).put(rows[at + 1]);
        }
        out.write(table.array());
    }

    private boolean hasLargeCounter() {
        for (int at = 0; at < used; at += 2) {
            if (rows[at] < 0) {
                return true;
            }
        }
        return false;
    }
}
