package org.shmrt.record.chunk;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.shmrt.files.Bytes;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.HduScanner;
import org.shmrt.fits.pixel.ImageSection;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.fits.tile.TileReader;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** An open chunk in FITS form. A compressed one is decompressed as a whole when its first frame is read. */
final class FitsCube extends ChunkFile {
    private final ByteSource cube;
    private final Image image;
    private final long storedFrameBytes;
    private MemorySegment decompressed;

    /** The HDU with the frames. */
    private record Image(Hdu hdu, PixelFormat format, Shape frame, long frames) {
        static Image of(Hdu hdu) {
            String z = prefix(hdu);
            PixelFormat format = formatOf(hdu);
            int rank = (int) hdu.header().integer(z + "NAXIS", 2, Shape.MAX_AXES);
            long[] axes = new long[rank];
            for (int axis = 1; axis <= rank; axis++) {
                // a cube without frames is valid while it is recorded
                axes[rank - axis] = hdu.header().integer(z + "NAXIS" + axis, axis == rank ? 0 : 1, Long.MAX_VALUE);
            }
            return new Image(hdu, format, Shape.of(Arrays.copyOfRange(axes, 1, rank)), axes[0]);
        }

        long storedFrameBytes() {
            return frame.elementCount() * format.storedBytes();
        }
    }

    private FitsCube(Path path, ByteSource cube, Image image, Found found) {
        super(path, found);
        this.cube = cube;
        this.image = image;
        this.storedFrameBytes = image.storedFrameBytes();
    }

    static FitsCube open(Path path, Locked locked) {
        return ByteSource.open(path, cube -> open(path, cube, locked));
    }

    private static FitsCube open(Path path, ByteSource cube, Locked locked) {
        HduScanner scanner = new HduScanner(cube);
        Hdu first = scanner.next().orElseThrow();
        // as long as there is a table beside it, the one in the file of the cube may be incomplete
        if (Files.exists(ChunkName.timesOf(path))) {
            Image image = Image.of(first);
            long inFile = Math.max(0, cube.byteSize().orElse(0) - first.dataOffset()) / image.storedFrameBytes();
            Optional<Found> unfinished = unfinished(path, locked, image.frames, inFile);
            if (unfinished.isPresent()) {
                return new FitsCube(path, cube, image, unfinished.get());
            }
        }
        return complete(path, cube, scanner, first);
    }

    private static FitsCube complete(Path path, ByteSource cube, HduScanner scanner, Hdu first) {
        Optional<Hdu> second = scanner.next();
        boolean compressed =
                second.filter(next -> next.kind() == Hdu.Kind.TILES).isPresent();
        Image image = Image.of(compressed ? second.get() : first);
        Optional<Hdu> own = compressed ? scanner.next() : second;
        FrameTable table = own.filter(TableHeader::isTable)
                .map(hdu -> FrameTable.in(cube, hdu))
                .orElseThrow(
                        () -> image.hdu.header().damaged("it has no table " + TableHeader.NAME + " of its frames"));
        return new FitsCube(path, cube, image, new Found(table, Math.min(image.frames, table.rows()), State.COMPLETE));
    }

    @Override
    public DataType type() {
        return image.format.type();
    }

    @Override
    public Shape frameShape() {
        return image.frame;
    }

    @Override
    public List<FitsCard> cards() {
        return image.hdu.header().descriptiveCards();
    }

    @Override
    long cubeAt() {
        return image.hdu.dataOffset();
    }

    @Override
    boolean isPlain() {
        return image.hdu.kind() != Hdu.Kind.TILES;
    }

    @Override
    public void read(long first, MemorySegment target) {
        if (!isPlain()) {
            MemorySegment.copy(pixels(), first * frameBytes(), target, 0, target.byteSize());
            return;
        }
        readStored(first, target);
        toNative(target, image.format);
    }

    @Override
    void readStored(long first, MemorySegment target) {
        long found = cube.read(cubeAt() + first * storedFrameBytes, target);
        if (found < target.byteSize()) {
            throw image.hdu.truncated(first * storedFrameBytes + found);
        }
    }

    private MemorySegment pixels() {
        if (decompressed == null) {
            TileReader reader = new TileReader(cube, image.hdu);
            MemorySegment target =
                    Bytes.allocate(reader.shape().byteSize(reader.format().type()), path().toString());
            reader.read(ImageSection.all(reader.shape()), target);
            decompressed = target;
        }
        return decompressed;
    }

    @Override
    public Optional<MemorySegment> map(long first, long count, Arena arena) {
        return isPlain() && image.format.storedBytes() == 1 && image.format.flip() == 0
                ? Optional.of(mapBytes(cubeAt() + first * storedFrameBytes, count * storedFrameBytes, arena))
                : Optional.empty();
    }

    @Override
    public void close() {
        super.close();
        cube.close();
    }
}
