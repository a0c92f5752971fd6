package org.shmrt.fits;

import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.shmrt.files.OutputFile;
import org.shmrt.fits.card.FitsHeader;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/**
 * FITS files, read and written whole. Shapes are numpy's, slowest axis first: {@code (NAXIS2, NAXIS1)} of an image,
 * just as astropy shows it; memory is in C order and little-endian.
 *
 * <p>Reads BITPIX 8, 16, 32, 64, -32 and -64 of the primary image and of extensions, plain, compressed by gzip as a
 * whole, or in tiles (Rice, gzip, PLIO, HCOMPRESS). Writes every type but complex ones; {@link PixelFormat} has the
 * rules for types. Files are not trusted: what a header claims is held against the size of the file before any
 * memory is taken.
 *
 * <p>Stateless; safe for any thread.
 *
 * <p>Example: {@code FitsFile.write(Path.of("copy.fits"), FitsFile.read(Path.of("flat.fits[1]")).image(),
 * FitsOptions.defaults())}.
 */
public final class FitsFile {
    private FitsFile() {}

    /** Gives the frames of a cube one by one while it is written. */
    @FunctionalInterface
    public interface Frames {
        /**
         * The next frame.
         *
         * @param index its place in the cube; called once for each, in order from 0
         * @return its pixels, in C order and little-endian; used before the next call only
         */
        MemorySegment frame(long index);
    }

    /**
     * Reads an image.
     *
     * @param address the file, and which image of it, as {@link FitsInput#open} has it
     * @return the image with its cards, in memory of its own
     * @throws org.shmrt.error.ShmException as {@link FitsInput#open} and {@link FitsInput#read} have it
     */
    public static FitsImage read(Path address) {
        try (FitsInput input = FitsInput.open(address)) {
            return new FitsImage(input.read(), input.header().cards());
        }
    }

    /**
     * The file that an address is of.
     *
     * @param address the file, and which image of it, as {@link FitsInput#open} has it
     * @return the file without what stands in brackets behind it; need not exist
     * @throws IllegalArgumentException if what stands in brackets means nothing
     */
    public static Path fileOf(Path address) {
        return FitsAddress.parse(address).file();
    }

    /**
     * Reads the pixels of an image into memory.
     *
     * @param address the file, and which image of it, as {@link FitsInput#open} has it
     * @param target exactly as many bytes as the image has; may be shared memory
     * @throws org.shmrt.error.ShmException as {@link FitsInput#open} and {@link FitsInput#readInto} have it
     */
    public static void readInto(Path address, MemorySegment target) {
        try (FitsInput input = FitsInput.open(address)) {
            input.readInto(target);
        }
    }

    /**
     * Reads what a file says about an image, and no pixels.
     *
     * @param address the file, and which image of it, as {@link FitsInput#open} has it
     * @return type, shape and cards
     * @throws org.shmrt.error.ShmException as {@link FitsInput#open} has it
     */
    public static FitsHeader header(Path address) {
        try (FitsInput input = FitsInput.open(address)) {
            return input.header();
        }
    }

    /**
     * Writes an image; the file appears when it is complete. A name that ends in {@code .gz} is compressed by gzip
     * as a whole.
     *
     * @param path the file, replaced if it exists
     * @param image what to write
     * @param options what else to write, and how
     * @return one line worth telling the user, such as that half precision became single, or null
     * @throws IllegalArgumentException if FITS cannot hold it: complex numbers, or no pixels at all
     * @throws org.shmrt.error.ShmException if it cannot be written
     */
    public static String write(Path path, MemoryImage image, FitsOptions options) {
        return write(
                path, new ImageWriter(image.type(), image.shape(), image.shape(), options), 1, index -> image.data());
    }

    /**
     * Writes frames as a cube, with one more axis in front; the file appears when it is complete. Plain pixels are
     * written as they come, so a cube may be larger than memory.
     *
     * @param path the file, replaced if it exists
     * @param type type of the pixels
     * @param frame shape of each frame, slowest axis first
     * @param count number of frames, at least 1
     * @param frames gives them; if it throws, no file is left
     * @param options what else to write, and how
     * @return one line worth telling the user, or null
     * @throws IllegalArgumentException if FITS cannot hold it: complex numbers, or no pixels at all
     * @throws org.shmrt.error.ShmException if it cannot be written
     */
    public static String writeCube(
            Path path, DataType type, Shape frame, long count, Frames frames, FitsOptions options) {
        long[] lengths = new long[frame.rank() + 1];
        lengths[0] = count;
        System.arraycopy(frame.lengths(), 0, lengths, 1, frame.rank());
        long frameBytes = frame.byteSize(type);
        return write(path, new ImageWriter(type, Shape.of(lengths), frame, options), count, index -> {
            MemorySegment pixels = frames.frame(index);
            if (pixels.byteSize() != frameBytes) {
                throw new IllegalArgumentException("frame " + index + " has " + pixels.byteSize() + " bytes, but "
                        + frame + " " + type + " has " + frameBytes);
            }
            return pixels;
        });
    }

    private static String write(Path path, ImageWriter writer, long count, Frames frames) {
        boolean zipped = path.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
        OutputFile.write(path, out -> {
            if (zipped) {
                try (OutputStream zip = new GZIPOutputStream(out, 1 << 16)) {
                    writer.writeTo(zip, count, frames);
                }
            } else {
                writer.writeTo(out, count, frames);
            }
        });
        return writer.note();
    }
}
