package org.shmrt.fits;

import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.shmrt.error.ShmException;
import org.shmrt.files.OutputFile;
import org.shmrt.fits.card.FitsHeader;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;

/**
 * Reads and writes whole FITS files. Shapes are in numpy's order, slowest axis first: {@code (NAXIS2, NAXIS1)} for an
 * image, as in astropy. Memory is in C order and little-endian.
 *
 * <p>Reads BITPIX 8, 16, 32, 64, -32 and -64 from the primary HDU and from extensions: plain, compressed by gzip as a
 * whole, or compressed in tiles (Rice, gzip, PLIO, HCOMPRESS). Writes every type but complex ones.
 *
 * <p>The type of an image depends on its header only. Without scaling it is that of BITPIX. BSCALE 1 with BZERO 32768,
 * 2^31 or 2^63 means unsigned integers, and BZERO -128 with BITPIX 8 means int8. With any other scaling, or with a
 * BLANK card, the type is float32 for BITPIX 8, 16 and -32, and float64 otherwise; BLANK pixels become NaN.
 *
 * <p>Files are not trusted: the claims of a header are checked against the size of the file before memory is allocated.
 *
 * <p>Stateless; safe for any thread. Methods block while they read or write.
 *
 * <p>Example: {@code FitsFile.write(Path.of("copy.fits"), FitsFile.read(Path.of("flat.fits[1]")).image(),
 * FitsOptions.defaults())}.
 */
public final class FitsFile {
    private static final int GZIP_BUFFER_BYTES = 1 << 16;

    private FitsFile() {}

    /** Supplies the frames of a cube one by one while the cube is written. */
    @FunctionalInterface
    public interface Frames {
        /**
         * Returns the next frame.
         *
         * @param index index of the frame in the cube; the method is called once per frame, in order from 0
         * @return the pixels of the frame, in C order and little-endian; they are used until the next call only
         */
        MemorySegment frame(long index);

        /**
         * Whether the cube ends before a frame, because a recording ended early. The file is then complete with fewer
         * frames. Possible for plain pixels only, not in a compressed file.
         *
         * @param index index of the frame; the method is called once before each frame
         * @return false if the frame exists, which is the default
         */
        default boolean endsBefore(long index) {
            return false;
        }
    }

    /**
     * Reads an image.
     *
     * @param address file and image, as in {@link FitsInput#open}
     * @return the image and its cards, in new memory
     * @throws org.shmrt.error.ShmException as in {@link FitsInput#open} and {@link FitsInput#read}
     * @throws IllegalArgumentException as in {@link FitsInput#open}
     */
    public static FitsImage read(Path address) {
        return read(address, FitsInput.DEFAULT_MAX_EXPANDED_BYTES);
    }

    /**
     * Reads an image of a file that may be compressed.
     *
     * @param address file and image, as in {@link FitsInput#open}
     * @param maxExpandedBytes what a compressed image may expand to, as in {@link FitsInput#maxExpandedBytes}
     * @return the image and its cards, in new memory
     * @throws org.shmrt.error.ShmException as in {@link FitsInput#open} and {@link FitsInput#read}
     * @throws IllegalArgumentException as in {@link FitsInput#open}
     */
    public static FitsImage read(Path address, long maxExpandedBytes) {
        try (FitsInput input = FitsInput.open(address).maxExpandedBytes(maxExpandedBytes)) {
            FitsHeader header = input.header();
            return new FitsImage(input.read(), header.cards(), header.remarks());
        }
    }

    /**
     * Returns the file of an address.
     *
     * @param address file and image, as in {@link FitsInput#open}
     * @return the file without brackets; it need not exist
     * @throws IllegalArgumentException if the text in brackets is not an extension or a section
     */
    public static Path fileOf(Path address) {
        return FitsAddress.parse(address).file();
    }

    /**
     * Reads the pixels of an image into memory.
     *
     * @param address file and image, as in {@link FitsInput#open}
     * @param target memory of exactly the size of the image; may be shared memory
     * @throws org.shmrt.error.ShmException as in {@link FitsInput#open} and {@link FitsInput#readInto}
     * @throws IllegalArgumentException as in {@link FitsInput#open} and {@link FitsInput#readInto}
     */
    public static void readInto(Path address, MemorySegment target) {
        try (FitsInput input = FitsInput.open(address)) {
            input.readInto(target);
        }
    }

    /**
     * Reads the description of an image, without its pixels.
     *
     * @param address file and image, as in {@link FitsInput#open}
     * @return type, shape and cards
     * @throws org.shmrt.error.ShmException as in {@link FitsInput#open}
     * @throws IllegalArgumentException as in {@link FitsInput#open}
     */
    public static FitsHeader header(Path address) {
        try (FitsInput input = FitsInput.open(address)) {
            return input.header();
        }
    }

    /**
     * Writes an image. The file appears when it is complete. A name that ends in {@code .gz} compresses the whole file
     * by gzip.
     *
     * @param path the file; replaced if it exists
     * @param image the image
     * @param options cards, compression and times
     * @return a remark for the user in one line, for example that half precision was written as single precision
     * @throws IllegalArgumentException if FITS cannot represent the image: complex numbers, or no pixels
     * @throws org.shmrt.error.ShmException if the file cannot be written
     */
    public static Optional<String> write(Path path, MemoryImage image, FitsOptions options) {
        return write(
                path, new ImageWriter(image.type(), image.shape(), image.shape(), options), 1, index -> image.data());
    }

    /**
     * Writes frames as a cube, with one more axis in front. The file appears when it is complete. Plain pixels are
     * written as they are supplied, so a cube may be larger than memory.
     *
     * @param path the file; replaced if it exists
     * @param type type of the pixels
     * @param frame shape of each frame, slowest axis first
     * @param count number of frames, at least 1
     * @param frames supplies the frames; if it throws, no file is left
     * @param options cards, compression and times
     * @return a remark for the user in one line
     * @throws IllegalArgumentException if FITS cannot represent the cube: complex numbers, or no pixels; or if a frame
     *     has a wrong size
     * @throws org.shmrt.error.ShmException if the file cannot be written
     */
    public static Optional<String> writeCube(
            Path path, DataType type, Shape frame, long count, Frames frames, FitsOptions options) {
        long[] lengths = new long[frame.rank() + 1];
        lengths[0] = count;
        System.arraycopy(frame.lengths(), 0, lengths, 1, frame.rank());
        long frameBytes = frame.byteSize(type);
        Frames checked = new Frames() {
            @Override
            public MemorySegment frame(long index) {
                MemorySegment pixels = frames.frame(index);
                if (pixels.byteSize() != frameBytes) {
                    throw new IllegalArgumentException("frame " + index + " has " + pixels.byteSize() + " bytes, but "
                            + frame + " " + type + " has " + frameBytes);
                }
                return pixels;
            }

            @Override
            public boolean endsBefore(long index) {
                return frames.endsBefore(index);
            }
        };
        return write(path, new ImageWriter(type, Shape.of(lengths), frame, options), count, checked);
    }

    private static void requireAll(Path path, long written, long count) {
        if (written < count) {
            throw new ShmException(
                    "cannot write " + FileNames.text(path) + ": the recording ended after " + written + " of " + count
                            + " frames, and the header of a compressed file cannot be corrected; write to a .fits"
                            + " file");
        }
    }

    private static Optional<String> write(Path path, ImageWriter writer, long count, Frames frames) {
        boolean zipped = path.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
        Optional<String> ownerRemark = OutputFile.write(path, out -> {
            if (zipped) {
                try (OutputStream zip = new GZIPOutputStream(out, GZIP_BUFFER_BYTES)) {
                    requireAll(path, writer.writeTo(zip, count, frames), count);
                }
            } else {
                long written = writer.writeTo(out, count, frames);
                if (!writer.isPlain()) {
                    requireAll(path, written, count);
                } else if (written < count) {
                    out.rewriteStart(writer.plainHeader(written));
                }
            }
        });
        String remarks =
                Stream.concat(writer.note().stream(), ownerRemark.stream()).collect(Collectors.joining("; "));
        return remarks.isEmpty() ? Optional.empty() : Optional.of(remarks);
    }
}
