package org.shmrt.record.chunk;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.HduScanner;
import org.shmrt.text.FileNames;

/**
 * The table of the frames of a chunk, in its own file or in that of the cube.
 *
 * @param source the file
 * @param columns its columns
 * @param at position of the first row
 * @param rows number of rows according to its header
 * @param bootId boot of the machine that wrote it; empty if it is not known
 */
record FrameTable(ByteSource source, TableHeader columns, long at, long rows, String bootId) {
    private static final int SCAN_ROWS = 1024;
    /** Longer headers of npy files have other columns. */
    private static final int NPY_HEADER_BYTES = 4096;

    /** The table in an extension of a file. */
    static FrameTable in(ByteSource source, Hdu hdu) {
        return new FrameTable(
                source,
                TableHeader.of(hdu.header()),
                hdu.dataOffset(),
                hdu.header().integer("NAXIS2", 0, Long.MAX_VALUE),
                hdu.header().text("BOOTID").orElse(""));
    }

    /** The table in the file that a recorder writes. */
    static FrameTable ofRecorder(Path path) {
        return ByteSource.openRegular(path, FrameTable::ofRecorder);
    }

    private static FrameTable ofRecorder(ByteSource source) {
        HduScanner scanner = new HduScanner(source);
        Hdu ignored = scanner.next().orElseThrow();
        return scanner.next()
                .filter(TableHeader::isTable)
                .map(found -> in(source, found))
                .orElseThrow(() -> new IncompatibleException("cannot read " + FileNames.text(source.path())
                        + ": it has no table of frames; the file is damaged"));
    }

    /** The table in an npy file of a complete chunk. */
    static FrameTable ofNpy(Path path) {
        return ByteSource.openRegular(path, FrameTable::ofNpy);
    }

    private static FrameTable ofNpy(ByteSource source) {
        NpyCube.Header header = NpyCube.Header.read(source, NPY_HEADER_BYTES);
        if (!TableHeader.isNpyDescriptor(header.descriptor()) || header.axes().length != 1) {
            throw new IncompatibleException("cannot read " + FileNames.text(source.path())
                    + ": it does not have the columns of a recording; the file is damaged");
        }
        return new FrameTable(source, TableHeader.ofNpy(), header.bytes(), header.axes()[0], "");
    }

    /** Position of the header in the file of a recorder. */
    long headerAt() {
        return at - TableHeader.bytes();
    }

    /** Some rows. */
    FrameRow[] read(long first, int count) {
        ByteBuffer bytes = bytes(first, count);
        FrameRow[] read = new FrameRow[count];
        for (int i = 0; i < count; i++) {
            read[i] = columns.row(bytes, i);
        }
        return read;
    }

    private ByteBuffer bytes(long first, int count) {
        long there = (source.byteSize().orElse(Long.MAX_VALUE) - at) / columns.rowBytes();
        if (first + count > there) {
            throw truncated();
        }
        byte[] bytes = new byte[Math.multiplyExact(count, columns.rowBytes())];
        if (source.read(at + first * columns.rowBytes(), MemorySegment.ofArray(bytes)) < bytes.length) {
            throw truncated();
        }
        return ByteBuffer.wrap(bytes);
    }

    private IncompatibleException truncated() {
        return new IncompatibleException("cannot read the table of the frames in " + FileNames.text(source.path())
                + ": it is truncated; copy it again");
    }

    /**
     * The frames of a chunk whose recorder was killed. As long as the machine was not restarted, all that was written is
     * there, and more than the headers say. Otherwise only what was flushed is certain.
     *
     * @param inHeader frames according to the header of the cube
     * @param inFile whole frames in the file of the cube
     */
    long recoverable(long inHeader, long inFile) {
        long flushed = Math.min(inHeader, rows);
        long fileBytes = source.byteSize().orElse(0);
        long whole = Math.min(inFile, Math.max(0, fileBytes - at) / columns.rowBytes());
        long found = Math.min(flushed, whole);
        if (!bootId.equals(BootId.CURRENT)) {
            return found;
        }
        while (found < whole) {
            int count = (int) Math.min(SCAN_ROWS, whole - found);
            ByteBuffer some = bytes(found, count);
            for (int i = 0; i < count; i++) {
                // padding is zero, and every frame has arrived at some time
                if (columns.row(some, i).arrivedNs() == 0) {
                    return found + i;
                }
            }
            found += count;
        }
        return found;
    }
}
