package org.shmrt.record.chunk;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.shmrt.files.Bytes;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.pixel.ImageSection;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.fits.tile.TileReader;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;

/**
 * The frames of a cube in a FITS file, along its slowest axis. A compressed cube is decompressed as a whole when its first
 * frame is read. For one thread at a time.
 */
final class CubePixels {
    private final ByteSource source;
    private final Hdu hdu;
    private final PixelFormat format;
    private final Shape frame;
    private final long frames;
    private final long storedFrameBytes;
    private MemorySegment decompressed;
    private long maxExpandedBytes = FrameFile.DEFAULT_MAX_EXPANDED_BYTES;

    /**
     * Reads the header of a cube.
     *
     * @throws org.shmrt.error.IncompatibleException if the image has less than two axes, or scaled pixels
     */
    CubePixels(ByteSource source, Hdu hdu) {
        this.source = source;
        this.hdu = hdu;
        String z = FrameFile.prefix(hdu);
        format = FrameFile.formatOf(hdu);
        int rank = (int) hdu.header().integer(z + "NAXIS", 2, Shape.MAX_AXES);
        long[] axes = new long[rank];
        for (int axis = 1; axis <= rank; axis++) {
            // a cube without frames is valid while it is recorded
            axes[rank - axis] = hdu.header().integer(z + "NAXIS" + axis, axis == rank ? 0 : 1, Long.MAX_VALUE);
        }
        frame = FrameFile.shape(Arrays.copyOfRange(axes, 1, rank)).orElseThrow(() -> FrameFile.tooLarge(hdu));
        frames = axes[0];
        storedFrameBytes = frame.elementCount() * format.storedBytes();
    }

    void maxExpandedBytes(long bytes) {
        maxExpandedBytes = bytes;
    }

    Hdu hdu() {
        return hdu;
    }

    DataType type() {
        return format.type();
    }

    Shape frame() {
        return frame;
    }

    /** Number of frames according to the header. */
    long frames() {
        return frames;
    }

    /** Whole frames that the file has room for after the header. */
    long framesInFile() {
        return Math.max(0, source.byteSize().orElse(0) - hdu.dataOffset()) / storedFrameBytes;
    }

    /** Position of a frame in the file; only of a plain cube. */
    long offset(long index) {
        return hdu.dataOffset() + index * storedFrameBytes;
    }

    boolean isPlain() {
        return hdu.kind() != Hdu.Kind.TILES;
    }

    /** Whether the frames are in the file as they are in memory. */
    boolean isMappable() {
        return isPlain() && format.storedBytes() == 1 && format.flip() == 0;
    }

    /** Reads frames as they are in memory. */
    void read(long first, MemorySegment target) {
        if (!isPlain()) {
            MemorySegment.copy(pixels(), first * frame.byteSize(type()), target, 0, target.byteSize());
            return;
        }
        readStored(first, target);
        FrameFile.toNative(target, format);
    }

    /** Reads frames of a plain cube as they are in the file. */
    void readStored(long first, MemorySegment target) {
        if (source.isCompressed()) {
            hdu.checkExpansion(frame.byteSize(type()), maxExpandedBytes);
        }
        long found = source.read(offset(first), target);
        if (found < target.byteSize()) {
            throw hdu.truncated(first * storedFrameBytes + found);
        }
    }

    private MemorySegment pixels() {
        if (decompressed == null) {
            TileReader reader = new TileReader(source, hdu);
            long bytes = reader.shape().byteSize(reader.format().type());
            hdu.checkExpansion(bytes, maxExpandedBytes);
            MemorySegment target = Bytes.allocate(bytes, FileNames.text(source.path()));
            reader.read(ImageSection.all(reader.shape()), target);
            decompressed = target;
        }
        return decompressed;
    }
}
