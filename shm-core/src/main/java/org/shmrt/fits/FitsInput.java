package org.shmrt.fits;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
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
import org.shmrt.fits.pixel.PixelReader;
import org.shmrt.fits.pixel.PlainReader;
import org.shmrt.fits.tile.TileReader;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Faults;
import org.shmrt.text.FileNames;

/**
 * An open image of a FITS file. The header is read and validated when the file is opened; pixels are read on request,
 * directly into the target memory, such as a frame of a stream.
 *
 * <p>The file stays open, so header and pixels belong to the same file even if it is replaced in the meantime. Instances
 * are for one thread at a time. Large images are read by several threads if the target memory allows it. Closing twice
 * has no effect.
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
    /** What a compressed image may expand to by default, bytes: 1 GiB. */
    public static final long DEFAULT_MAX_EXPANDED_BYTES = Hdu.DEFAULT_MAX_EXPANDED_BYTES;

    private static final int MAX_AXES = 3;

    private final ByteSource source;
    private final Hdu primary;
    private final Hdu hdu;
    private final PixelReader pixels;
    private final ImageSection section;
    /** Leading axes of length 1 that are dropped. */
    private final int ones;

    private final Shape shape;
    /** Null until it is needed: a header may have hundreds of cards, and reading pixels needs few of them. */
    private FitsHeader header;

    private long maxExpandedBytes = DEFAULT_MAX_EXPANDED_BYTES;
    private boolean closed;

    private FitsInput(ByteSource source, FitsAddress address) {
        this.source = source;
        Found found = find(source, address.selector());
        this.primary = found.primary();
        this.hdu = found.hdu();
        checkPresent();
        this.pixels = hdu.kind() == Hdu.Kind.TILES ? new TileReader(source, hdu) : new PlainReader(source, hdu);
        Shape whole = pixels.shape();
        this.section = address.slice()
                .map(slice -> slice.of(whole, hdu.header().location()))
                .orElseGet(() -> ImageSection.all(whole));
        this.ones = leadingOnes(section.shape());
        this.shape = ones == 0
                ? section.shape()
                : Shape.of(Arrays.copyOfRange(
                        section.shape().lengths(), ones, section.shape().rank()));
        if (shape.rank() > MAX_AXES) {
            throw new IncompatibleException("cannot read " + hdu.header().location() + ": it has " + whole.rank()
                    + " axes, "
                    + whole + ", and streams have at most " + MAX_AXES + "; select a section, for example "
                    + FileNames.lastText(source.path()) + "[" + hdu.index() + "]["
                    + "0,".repeat(whole.rank() - MAX_AXES)
                    + ":,:,:]");
        }
        checkCountable();
    }

    /**
     * Opens a file and finds an image.
     *
     * @param address the file, optionally followed by brackets that select an image and a section of it:
     *     {@code x.fits}, {@code x.fits[1]}, {@code x.fits[SCI]}, {@code x.fits[SCI,2]},
     *     {@code x.fits[0][3,:,10:20]}. Without brackets, the first image of the file. A section is written in numpy's
     *     axis order, slowest axis first
     * @return the open image
     * @throws NotFoundException if the file, or the extension in it, does not exist
     * @throws IncompatibleException if the file is not a FITS file, is damaged or truncated, has no image at the
     *     address, or one of more than three axes after the section is selected and leading axes of length 1 are
     *     dropped
     * @throws IllegalArgumentException if the text in brackets is not an extension or a section
     * @throws ShmException if the file cannot be read
     */
    public static FitsInput open(Path address) {
        FitsAddress parsed = FitsAddress.parse(address);
        return open(ByteSource.open(parsed.file()), parsed);
    }

    /** Takes ownership of the source. */
    static FitsInput open(ByteSource source, FitsAddress address) {
        try {
            return new FitsInput(source, address);
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    /** An HDU, and the first one of its file, from which it may inherit cards. */
    private record Found(Hdu primary, Hdu hdu) {}

    private static Found find(ByteSource source, FitsAddress.Selector selector) {
        HduScanner scanner = new HduScanner(source);
        int count = 0;
        Optional<Hdu> primary = Optional.empty();
        for (Optional<Hdu> next = scanner.next(); next.isPresent(); next = scanner.next(), count++) {
            Hdu hdu = next.get();
            primary = primary.or(() -> Optional.of(hdu));
            if (selector.matches(hdu)) {
                if (!hdu.holdsImage()) {
                    throw new IncompatibleException(
                            FileNames.text(source.path()) + " has no image in " + selector.description() + ": "
                                    + (hdu.kind() == Hdu.Kind.EMPTY
                                            ? "it is a header without pixels"
                                            : "it is a table or another kind of extension"));
                }
                return new Found(primary.orElseThrow(), hdu);
            }
        }
        String message = "there is no " + selector.description() + " in " + FileNames.text(source.path())
                + ", which has " + count + (count == 1 ? " HDU" : " HDUs") + ", numbered from 0";
        // a file without any image is not what the caller needs, however it is addressed
        throw selector instanceof FitsAddress.FirstImage
                ? new IncompatibleException(message)
                : new NotFoundException(message);
    }

    private void checkPresent() {
        if (source.byteSize().isPresent()) {
            long available = source.byteSize().getAsLong() - hdu.dataOffset();
            if (hdu.dataBytes() > available) {
                throw hdu.truncated(Math.max(0, available));
            }
        }
        if (hdu.dataBytes() > source.maxBytes()) {
            throw hdu.header()
                    .damaged("its data would have " + hdu.dataBytes()
                            + " bytes, more than a gzip file of this size can hold");
        }
    }

    private void checkCountable() {
        try {
            shape.byteSize(type());
        } catch (IllegalArgumentException e) {
            throw hdu.header().damaged(e.getMessage());
        }
    }

    /** Number of leading axes of one element that exceed the number of axes of a stream. */
    private static int leadingOnes(Shape shape) {
        int first = 0;
        while (shape.rank() - first > MAX_AXES && shape.length(first) == 1) {
            first++;
        }
        return first;
    }

    /**
     * Returns the description of the image. Reads nothing; may be called after the image is closed.
     *
     * @return type, shape and cards
     */
    public FitsHeader header() {
        if (header == null) {
            header = new FitsHeader(
                    hdu.index(),
                    type(),
                    shape,
                    section.cards(ones).of(hdu.header().descriptiveCards(primary)),
                    hdu.header().remarks());
        }
        return header;
    }

    private DataType type() {
        return pixels.format().type();
    }

    /**
     * Sets how much memory the pixels of a compressed file may take, in a gzip file or in compressed tiles: a small file
     * of such a kind can describe an image that exhausts the memory. The default is
     * {@link #DEFAULT_MAX_EXPANDED_BYTES}.
     *
     * @param bytes the limit, bytes
     * @return this image
     */
    public FitsInput maxExpandedBytes(long bytes) {
        maxExpandedBytes = bytes;
        return this;
    }

    /**
     * Of compressed tiles, the whole image is decompressed, also for a section. Where the tiles cannot be read one by one,
     * their whole table is in memory too: rows and heap, of which the image says nothing.
     */
    private void checkExpansion() {
        boolean tiles = hdu.kind() == Hdu.Kind.TILES;
        if (tiles && !source.isRandomAccess()) {
            hdu.checkExpansion(hdu.dataBytes(), maxExpandedBytes);
        }
        if (tiles || source.isCompressed()) {
            hdu.checkExpansion(tiles ? pixels.shape().byteSize(pixels.format().type()) : byteSize(), maxExpandedBytes);
        }
    }

    /**
     * Reads the pixels.
     *
     * @return the image, in new memory
     * @throws IncompatibleException if the file is damaged or was truncated in the meantime, or is compressed and
     *     expands to more than the limit
     * @throws ClosedException if the image is closed
     * @throws ShmException if the file cannot be read, or there is not enough memory
     */
    public MemoryImage read() {
        checkOpen();
        checkExpansion();
        MemorySegment data = allocate();
        readInto(data);
        return new MemoryImage(type(), shape, data);
    }

    /**
     * Reads the pixels into memory, in C order and little-endian. Plain images cost one copy out of the page cache. A
     * failure may leave part of the memory overwritten; a caller that cannot accept that reads into separate memory.
     *
     * @param target memory of exactly the size of the image, of any alignment; may be shared memory
     * @throws IllegalArgumentException if the target has another size or is read-only
     * @throws IncompatibleException if the file is damaged, or if file or target were truncated in the meantime, or if
     *     the file is compressed and expands to more than the limit
     * @throws ClosedException if the image is closed
     * @throws ShmException if the file cannot be read
     */
    public void readInto(MemorySegment target) {
        checkOpen();
        long bytes = byteSize();
        if (target.byteSize() != bytes || target.isReadOnly()) {
            throw new IllegalArgumentException("cannot read " + hdu.header().location() + " into "
                    + (target.isReadOnly() ? "read-only " : "") + "memory of " + target.byteSize()
                    + " bytes: the image is " + shape + " " + type() + ", " + bytes + " bytes");
        }
        checkExpansion();
        try {
            // pixel readers need native memory; an array receives a copy
            MemorySegment memory = target.isNative() ? target : allocate();
            pixels.read(section, memory);
            source.verify();
            if (!target.isNative()) {
                target.copyFrom(memory);
            }
            Faults.poll();
        } catch (InternalError e) {
            throw ByteSource.targetTruncated(hdu.header().location(), e);
        } catch (OutOfMemoryError e) {
            throw new ShmException(
                    "not enough memory to decompress " + hdu.header().location() + ": give Java more with -Xmx", e);
        }
    }

    private long byteSize() {
        return shape.byteSize(type());
    }

    private MemorySegment allocate() {
        return Bytes.allocate(byteSize(), hdu.header().location());
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException(hdu.header().location() + " is closed: open it again");
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
