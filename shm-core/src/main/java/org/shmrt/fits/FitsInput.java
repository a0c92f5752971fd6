package org.shmrt.fits;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.files.Bytes;
import org.shmrt.fits.card.FitsHeader;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.HduScanner;
import org.shmrt.fits.pixel.ImageSection;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.fits.pixel.PixelReader;
import org.shmrt.fits.pixel.Slice;
import org.shmrt.fits.tile.TileReader;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Faults;

/**
 * One image of a FITS file, opened and judged, its pixels not read yet: so type and shape can be looked at first,
 * and the pixels be read straight into the memory that wants them, such as a frame of a stream.
 *
 * <p>The file stays open, so header and pixels are of the same file even if it is replaced meanwhile. To be used by
 * one thread at a time; large images are read by several threads where their memory allows that. Closing twice is
 * harmless.
 *
 * <p>Example:
 * <pre>{@code
 * try (FitsInput flat = FitsInput.open(Path.of("cube.fits[SCI][3,:,:]"))) {
 *     MemorySegment frame = arena.allocate(flat.header().shape().byteSize(flat.header().type()));
 *     flat.readInto(frame);
 * }
 * }</pre>
 */
public final class FitsInput implements AutoCloseable {
    private static final int MOST_AXES = 3;

    private final ByteSource source;
    private final Hdu hdu;
    private final PixelFormat format;
    private final TileReader tiles;
    private final ImageSection cut;
    private final FitsHeader header;
    private boolean closed;

    private FitsInput(ByteSource source, Hdu hdu, Slice slice) {
        this.source = source;
        this.hdu = hdu;
        checkPresent();
        this.tiles = hdu.kind() == Hdu.Kind.TILES ? new TileReader(source, hdu) : null;
        this.format = tiles != null
                ? tiles.format()
                : PixelFormat.of(hdu.header(), (int) hdu.header().integer("BITPIX", -64, 64), "BLANK");
        Shape whole = tiles != null ? tiles.shape() : plainShape();
        this.cut = slice == null
                ? ImageSection.all(whole)
                : slice.of(whole, hdu.header().where());
        Shape shape = withoutLeadingOnes(cut.shape());
        if (shape.rank() > MOST_AXES) {
            throw new IncompatibleException("cannot read " + hdu.header().where() + ": it has " + whole.rank()
                    + " axes, "
                    + whole + ", and streams have at most " + MOST_AXES + "; take a part, for example "
                    + source.path().getFileName() + "[" + hdu.index() + "][" + "0,".repeat(whole.rank() - MOST_AXES)
                    + ":,:,:]");
        }
        checkCountable(shape);
        this.header =
                new FitsHeader(hdu.index(), format.type(), shape, hdu.header().describing());
    }

    /**
     * Opens a file and finds the image.
     *
     * @param address the file, and behind it in brackets which image and which part of it: {@code x.fits},
     *     {@code x.fits[1]}, {@code x.fits[SCI]}, {@code x.fits[SCI,2]}, {@code x.fits[0][3,:,10:20]}. Without, the
     *     first image of the file. The part is written in numpy's axis order, slowest first
     * @return the image
     * @throws NotFoundException if there is no such file, or no such extension in it
     * @throws IncompatibleException if it is no FITS file, damaged or cut off, holds no image there, or one of more
     *     than three axes after the part is taken and leading axes of length 1 are dropped
     * @throws IllegalArgumentException if what stands in brackets means nothing
     * @throws ShmException if it cannot be read
     */
    public static FitsInput open(Path address) {
        FitsAddress parsed = FitsAddress.parse(address);
        ByteSource source = ByteSource.open(parsed.file());
        try {
            return new FitsInput(source, find(source, parsed), parsed.slice());
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    private static Hdu find(ByteSource source, FitsAddress address) {
        HduScanner scanner = new HduScanner(source);
        int count = 0;
        for (Hdu hdu = scanner.next(); hdu != null; hdu = scanner.next(), count++) {
            if (address.isMeant(hdu)) {
                if (!hdu.holdsImage()) {
                    throw new IncompatibleException(source.path() + " holds no image in " + address.wanted() + ": "
                            + (hdu.kind() == Hdu.Kind.EMPTY
                                    ? "it is a header without pixels"
                                    : "it is a table or the like"));
                }
                return hdu;
            }
        }
        String what = "there is no " + address.wanted() + " in " + source.path() + ", which has " + count
                + (count == 1 ? " HDU" : " HDUs") + ", numbered from 0";
        // without an address every file of headers and tables alone ends here
        throw address.wanted().equals("image") ? new IncompatibleException(what) : new NotFoundException(what);
    }

    private void checkPresent() {
        if (source.byteSize() != ByteSource.UNKNOWN && hdu.dataBytes() > source.byteSize() - hdu.dataOffset()) {
            throw PixelReader.cutOff(hdu, Math.max(0, source.byteSize() - hdu.dataOffset()));
        }
        if (hdu.dataBytes() > source.mostBytes()) {
            throw hdu.header()
                    .damaged("its data would have " + hdu.dataBytes() + " bytes, which so small a gzip file "
                            + "cannot hold");
        }
    }

    private Shape plainShape() {
        int axes = (int) hdu.header().integer("NAXIS", 1, Shape.MAX_AXES);
        if (hdu.index() > 0) {
            // data before the pixels, or several images: neither is one image
            hdu.header().integerOr("PCOUNT", 0, 0, 0);
            hdu.header().integerOr("GCOUNT", 1, 1, 1);
        }
        long[] lengths = new long[axes];
        for (int axis = 1; axis <= axes; axis++) {
            lengths[axes - axis] = hdu.header().integer("NAXIS" + axis, 1, Long.MAX_VALUE);
        }
        return Shape.of(lengths);
    }

    private void checkCountable(Shape shape) {
        try {
            shape.byteSize(format.type());
        } catch (IllegalArgumentException e) {
            throw hdu.header().damaged(e.getMessage());
        }
    }

    private static Shape withoutLeadingOnes(Shape shape) {
        int first = 0;
        while (shape.rank() - first > MOST_AXES && shape.length(first) == 1) {
            first++;
        }
        return first == 0 ? shape : Shape.of(Arrays.copyOfRange(shape.lengths(), first, shape.rank()));
    }

    /**
     * What the file says about the image.
     *
     * @return type, shape and cards
     */
    public FitsHeader header() {
        return header;
    }

    /**
     * Reads the pixels.
     *
     * @return the image, in memory of its own
     * @throws IncompatibleException if the file is damaged or was cut off meanwhile
     * @throws ShmException if it cannot be read, or there is not enough memory
     */
    public MemoryImage read() {
        checkOpen();
        MemorySegment data = Bytes.allocate(
                header.shape().byteSize(header.type()), hdu.header().where());
        readInto(data);
        return new MemoryImage(header.type(), header.shape(), data);
    }

    /**
     * Reads the pixels into memory, in C order and little-endian. Costs one copy out of the page cache for plain
     * images. If it fails, part of the memory may be overwritten: who cannot allow that reads into memory of its own.
     *
     * @param target exactly as many bytes as the image has, of any alignment; may be shared memory
     * @throws IllegalArgumentException if it has another size or may not be written
     * @throws IncompatibleException if the file is damaged or was cut off meanwhile, or the target was
     * @throws ShmException if it cannot be read
     */
    public void readInto(MemorySegment target) {
        checkOpen();
        long bytes = header.shape().byteSize(header.type());
        if (target.byteSize() != bytes || target.isReadOnly()) {
            throw new IllegalArgumentException("cannot read " + hdu.header().where() + " into memory of "
                    + target.byteSize() + " bytes" + (target.isReadOnly() ? " that may not be written" : "")
                    + ": the image is " + header.shape() + " " + header.type() + ", " + bytes + " bytes");
        }
        try {
            // all that follows is made for native memory; an array gets a copy
            MemorySegment pixels = target.isNative()
                    ? target
                    : Bytes.allocate(bytes, hdu.header().where());
            if (tiles == null) {
                new PixelReader(source, hdu, format).read(cut, pixels);
            } else {
                readTiles(pixels);
            }
            source.verify();
            if (!target.isNative()) {
                target.copyFrom(pixels);
            }
            Faults.poll();
        } catch (InternalError e) {
            throw new IncompatibleException(
                    "the memory that was being filled from " + hdu.header().where()
                            + " was cut off by another process: open it again",
                    e);
        } catch (OutOfMemoryError e) {
            throw new ShmException(
                    "not enough memory to decompress " + hdu.header().where() + ": give Java more with -Xmx", e);
        }
    }

    private void readTiles(MemorySegment target) {
        if (cut.isAll()) {
            tiles.read(target);
            return;
        }
        DataType type = header.type();
        MemorySegment all =
                Bytes.allocate(cut.whole().byteSize(type), hdu.header().where());
        tiles.read(all);
        cut.forEachRun((element, count, done) -> MemorySegment.copy(
                all, element * type.itemBytes(), target, done * type.itemBytes(), count * type.itemBytes()));
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException(hdu.header().where() + " is closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            source.close();
        }
    }
}
