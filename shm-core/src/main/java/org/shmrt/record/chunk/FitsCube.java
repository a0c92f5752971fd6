package org.shmrt.record.chunk;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.HduScanner;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** An open chunk in FITS form. */
final class FitsCube extends ChunkFile {
    private final ByteSource cube;
    private final CubePixels pixels;

    private FitsCube(Path path, ByteSource cube, CubePixels pixels, Found found) {
        super(path, found);
        this.cube = cube;
        this.pixels = pixels;
    }

    static FitsCube open(Path path, Locked locked) {
        return ByteSource.openRegular(path, cube -> open(path, cube, locked));
    }

    private static FitsCube open(Path path, ByteSource cube, Locked locked) {
        HduScanner scanner = new HduScanner(cube);
        Hdu first = scanner.next().orElseThrow();
        // as long as there is a table beside it, the one in the file of the cube may be incomplete
        if (Files.exists(ChunkName.timesOf(path))) {
            CubePixels pixels = new CubePixels(cube, first);
            Optional<Found> unfinished = unfinished(path, locked, pixels.frames(), pixels.framesInFile());
            if (unfinished.isPresent()) {
                return new FitsCube(path, cube, pixels, unfinished.get());
            }
        }
        return complete(path, cube, scanner, first);
    }

    private static FitsCube complete(Path path, ByteSource cube, HduScanner scanner, Hdu first) {
        Optional<Hdu> second = scanner.next();
        boolean compressed =
                second.filter(next -> next.kind() == Hdu.Kind.TILES).isPresent();
        CubePixels pixels = new CubePixels(cube, compressed ? second.get() : first);
        Optional<Hdu> own = compressed ? scanner.next() : second;
        FrameTable table = own.filter(TableHeader::isTable)
                .map(hdu -> FrameTable.in(cube, hdu))
                .orElseThrow(
                        () -> pixels.hdu().header().damaged("it has no table " + TableHeader.NAME + " of its frames"));
        long frames = Math.min(pixels.frames(), table.rows());
        return new FitsCube(path, cube, pixels, new Found(table, frames, State.COMPLETE));
    }

    @Override
    public DataType type() {
        return pixels.type();
    }

    @Override
    public Shape frameShape() {
        return pixels.frame();
    }

    @Override
    public List<FitsCard> cards() {
        return pixels.hdu().header().descriptiveCards();
    }

    @Override
    long cubeAt() {
        return pixels.offset(0);
    }

    @Override
    public FrameFile maxExpandedBytes(long bytes) {
        pixels.maxExpandedBytes(bytes);
        return this;
    }

    @Override
    boolean isPlain() {
        return pixels.isPlain();
    }

    @Override
    public void read(long first, MemorySegment target) {
        pixels.read(first, target);
    }

    @Override
    void readStored(long first, MemorySegment target) {
        pixels.readStored(first, target);
    }

    @Override
    public Optional<MemorySegment> map(long first, long count, Arena arena) {
        return pixels.isMappable()
                ? Optional.of(mapBytes(pixels.offset(first), count * frameBytes(), arena))
                : Optional.empty();
    }

    @Override
    public void close() {
        super.close();
        cube.close();
    }
}
