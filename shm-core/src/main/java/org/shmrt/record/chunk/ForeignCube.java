package org.shmrt.record.chunk;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.HduScanner;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;

/**
 * A cube of another program: its first image, without times.
 *
 * <p>One of milk's logger, {@code NAME_hh:mm:ss.sssssssss.fits}, has times in a text file of the same name that ends in
 * {@code .txt}: a line for each frame with its index in the cube, its index in the log, the time since the start of the
 * cube, the times of logging and of acquisition in seconds since 1970, {@code cnt0} and {@code cnt1}. Lines that begin
 * with {@code #} are comments.
 */
final class ForeignCube extends FrameFile {
    private static final int COLUMNS = 7;
    private static final int LOGGED = 3;
    private static final int ACQUIRED = 4;
    private static final int CNT0 = 5;
    private static final int CNT1 = 6;
    private static final int NS_DIGITS = 9;
    /**
     * The plain decimals of milk: the conversion of a short number with an exponent of nine digits would take the memory
     * of a billion digits.
     */
    private static final Pattern SECONDS = Pattern.compile("[-+]?[0-9]{1,19}(\\.[0-9]{0,30})?");

    /** Seven numbers of milk have less than 150 characters. */
    private static final long MAX_LINE_BYTES = 512;

    private static final long MAX_LINES = Integer.MAX_VALUE;
    private static final long MAX_COMMENT_BYTES = 1 << 16;
    private static final FrameRow UNKNOWN = new FrameRow(0, 0, 0, 0, 0, 0, 0, 0);

    private final ByteSource source;
    private final CubePixels pixels;
    private final Optional<List<FrameRow>> rows;
    private final long frames;

    private ForeignCube(Path path, ByteSource source) {
        super(path);
        this.source = source;
        pixels = new CubePixels(source, image(source));
        rows = isOfMilk(path) ? Optional.of(rows(timesOf(path), pixels.frames())) : Optional.empty();
        frames = rows.map(known -> Math.min(known.size(), pixels.frames())).orElse(pixels.frames());
    }

    static ForeignCube openCube(Path path) {
        return ByteSource.openRegular(path, source -> new ForeignCube(path, source));
    }

    private static Hdu image(ByteSource source) {
        HduScanner scanner = new HduScanner(source);
        for (Optional<Hdu> next = scanner.next(); next.isPresent(); next = scanner.next()) {
            if (next.get().kind() == Hdu.Kind.IMAGE || next.get().kind() == Hdu.Kind.TILES) {
                return next.get();
            }
        }
        throw new IncompatibleException(
                "there is no image in " + FileNames.text(source.path()) + ": it has no frames to read");
    }

    /** Whether milk's logger wrote a cube: its times are beside it. */
    static boolean isOfMilk(Path cube) {
        return Files.exists(timesOf(cube));
    }

    private static Path timesOf(Path cube) {
        return cube.resolveSibling(cube.getFileName().toString().replaceFirst("\\.fits$", "") + ".txt");
    }

    private static List<FrameRow> rows(Path times, long frames) {
        List<FrameRow> rows = new ArrayList<>();
        for (String line : lines(times, MAX_COMMENT_BYTES + MAX_LINE_BYTES * Math.min(frames, MAX_LINES))) {
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
                throw new IncompatibleException("cannot read " + FileNames.text(times) + ": the line '" + line
                        + "' does not have " + COLUMNS + " numbers, as milk's logger writes them");
            }
        }
        return rows;
    }

    /** Seconds with a fraction, exactly. */
    private static long ns(String seconds) {
        if (!SECONDS.matcher(seconds).matches()) {
            throw new NumberFormatException(seconds);
        }
        return new BigDecimal(seconds)
                .scaleByPowerOfTen(NS_DIGITS)
                .toBigInteger()
                .longValueExact();
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
    public long frames() {
        return frames;
    }

    @Override
    public boolean hasTimes() {
        return rows.isPresent();
    }

    @Override
    public List<FitsCard> cards() {
        return pixels.hdu().header().descriptiveCards();
    }

    @Override
    public FrameRow[] rows(long first, int count) {
        if (rows.isPresent()) {
            return rows.get().subList((int) first, (int) first + count).toArray(FrameRow[]::new);
        }
        FrameRow[] unknown = new FrameRow[count];
        Arrays.fill(unknown, UNKNOWN);
        return unknown;
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
    void readStored(long first, MemorySegment target) {
        pixels.readStored(first, target);
    }

    @Override
    public void read(long first, MemorySegment target) {
        pixels.read(first, target);
    }

    @Override
    public void close() {
        source.close();
    }
}
