package org.shmrt.fits;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;

/**
 * Counts and times of a cube's frames, one row a frame: the binary table that is written behind the cube, with the
 * columns {@code CNT0} and {@code ACQUIRED_NS} (nanoseconds since 1970, UTC), both 64-bit integers. Not for use by
 * several threads.
 */
public final class FrameTimes {
    private static final int ROW_BYTES = 2 * Long.BYTES;

    private long[] rows = new long[64];
    private int used;

    /** No rows yet. */
    public FrameTimes() {}

    /**
     * Adds a row.
     *
     * @param cnt0 the frame's count
     * @param acquiredNs nanoseconds since 1970
     */
    public void add(long cnt0, long acquiredNs) {
        if (used == rows.length) {
            rows = Arrays.copyOf(rows, used * 2);
        }
        rows[used++] = cnt0;
        rows[used++] = acquiredNs;
    }

    /**
     * Number of rows.
     *
     * @return frames added
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
        header.add(FitsCard.of("TTYPE2", "ACQUIRED_NS", "when it was acquired, since 1970-01-01, UTC"));
        header.add(FitsCard.of("TFORM2", "1K", ""));
        header.add(FitsCard.of("TUNIT2", "ns", ""));
        header.add(FitsCard.of("EXTNAME", "TIMES", ""));
        out.write(header.end());
        int unpadded = size() * ROW_BYTES;
        ByteBuffer table = ByteBuffer.allocate(
                (unpadded + CardWriter.BLOCK_BYTES - 1) / CardWriter.BLOCK_BYTES * CardWriter.BLOCK_BYTES);
        table.asLongBuffer().put(rows, 0, used);
        out.write(table.array());
    }
}
