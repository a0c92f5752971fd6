package org.shmrt.record.chunk;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.HduScanner;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * A cube of milk's logger, {@code NAME_hh:mm:ss.sssssssss.fits}, with a text file of the same name that ends in
 * {@code .txt}: a line for each frame with its index in the cube, its index in the log, the time since the start of the
 * cube, the times of logging and of acquisition in seconds since 1970, {@code cnt0} and {@code cnt1}. Lines that begin
 * with {@code #} are comments.
 */
final class MilkCube extends FrameFile {
    private static final int COLUMNS = 7;
    private static final int LOGGED = 3;
    private static final int ACQUIRED = 4;
    private static final int CNT0 = 5;
    private static final int CNT1 = 6;
    private static final int NS_DIGITS = 9;

    private final ByteSource source;
    private final Hdu hdu;
    private final PixelFormat format;
    private final Shape frame;
    private final List<FrameRow> rows;

    private MilkCube(Path path, ByteSource source) {
        super(path);
        this.source = source;
        hdu = new HduScanner(source).next().orElseThrow();
        format = formatOf(hdu);
        Shape cube = shapeOf(hdu);
        if (cube.rank() < 2) {
            throw hdu.header().damaged("it is not a cube of frames");
        }
        long[] axes = cube.lengths();
        frame = Shape.of(Arrays.copyOfRange(axes, 1, axes.length));
        rows = rows(timesOf(path));
        if (rows.size() > axes[0]) {
            rows.subList((int) axes[0], rows.size()).clear();
        }
    }

    static MilkCube ofMilk(Path path) {
        return ByteSource.open(path, source -> new MilkCube(path, source));
    }

    /** The text file with the times of a cube. */
    static Path timesOf(Path cube) {
        return cube.resolveSibling(cube.getFileName().toString().replaceFirst("\\.fits$", "") + ".txt");
    }

    private static List<FrameRow> rows(Path times) {
        List<FrameRow> rows = new ArrayList<>();
        for (String line : lines(times)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+", -1);
            try {
                long cnt0 = Long.parseLong(words[CNT0]);
                long lost =
                        rows.isEmpty() ? 0 : Math.max(0, cnt0 - rows.getLast().cnt0() - 1);
                rows.add(new FrameRow(
                        cnt0, Long.parseLong(words[CNT1]), 0, ns(words[ACQUIRED]), 0, ns(words[LOGGED]), lost, 0));
            } catch (NumberFormatException | ArithmeticException | ArrayIndexOutOfBoundsException e) {
                throw new IncompatibleException("cannot read " + times + ": the line '" + line + "' does not have "
                        + COLUMNS + " numbers, as milk's logger writes them");
            }
        }
        return rows;
    }

    /** Seconds with a fraction, exactly. */
    private static long ns(String seconds) {
        return new BigDecimal(seconds)
                .scaleByPowerOfTen(NS_DIGITS)
                .toBigInteger()
                .longValueExact();
    }

    @Override
    public DataType type() {
        return format.type();
    }

    @Override
    public Shape frameShape() {
        return frame;
    }

    @Override
    public long frames() {
        return rows.size();
    }

    @Override
    public List<FitsCard> cards() {
        return hdu.header().descriptiveCards();
    }

    @Override
    public FrameRow[] rows(long first, int count) {
        return rows.subList((int) first, (int) first + count).toArray(FrameRow[]::new);
    }

    @Override
    boolean isPlain() {
        return true;
    }

    @Override
    void readStored(long first, MemorySegment target) {
        long offset = first * frameBytes();
        long found = source.read(hdu.dataOffset() + offset, target);
        if (found < target.byteSize()) {
            throw hdu.truncated(offset + found);
        }
    }

    @Override
    public void read(long first, MemorySegment target) {
        readStored(first, target);
        toNative(target, format);
    }

    @Override
    public void close() {
        source.close();
    }
}
