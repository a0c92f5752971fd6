package org.shmrt.record.chunk;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.FitsBlock;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.HduScanner;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * A file of daoDAQ: an HDU for each frame, with the cards {@code ATIME} (nanoseconds since 1970) and {@code CNT0} to
 * {@code CNT2}. All HDUs but the first have the same size, so the file is indexed by arithmetic. A truncated last frame
 * does not count.
 */
final class DaqFile extends FrameFile {
    private static final String TIME = "ATIME";

    private final ByteSource source;
    private final Hdu first;
    private final PixelFormat format;
    private final Shape frame;
    private final long firstBytes;
    private final long stride;
    private final long frames;

    private DaqFile(Path path, ByteSource source) {
        super(path);
        this.source = source;
        HduScanner scanner = new HduScanner(source);
        first = scanner.next().orElseThrow();
        format = formatOf(first);
        frame = shapeOf(first);
        firstBytes = first.dataOffset() + FitsBlock.roundUp(first.dataBytes());
        Optional<Hdu> second = scanner.next();
        stride = second.map(hdu -> hdu.dataOffset() - firstBytes + FitsBlock.roundUp(hdu.dataBytes()))
                .orElse(0L);
        long rest = Math.max(0, source.byteSize().orElse(0) - firstBytes);
        frames = 1 + (stride == 0 ? 0 : rest / stride);
        Hdu last = hdu(frames - 1);
        if (!isFrame(last) || !shapeOf(last).equals(frame)) {
            throw first.header().damaged("its frames do not have the same size");
        }
    }

    static DaqFile ofDaoDaq(Path path) {
        return ByteSource.openRegular(path, source -> new DaqFile(path, source));
    }

    /** Whether an HDU is a frame that daoDAQ wrote. */
    static boolean isFrame(Hdu hdu) {
        return hdu.kind() == Hdu.Kind.IMAGE
                && hdu.header().has(TIME)
                && hdu.header().has("CNT0");
    }

    private Hdu hdu(long index) {
        return index == 0
                ? first
                : HduScanner.ofExtension(source, firstBytes + (index - 1) * stride)
                        .next()
                        .orElseThrow(() -> first.header().damaged("frame " + index + " has no header"));
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
        return frames;
    }

    @Override
    public List<FitsCard> cards() {
        return first.header().descriptiveCards();
    }

    @Override
    public FrameRow[] rows(long from, int count) {
        FrameRow[] rows = new FrameRow[count];
        long before = from == 0 ? 0 : number(hdu(from - 1), "CNT0");
        for (int i = 0; i < count; i++) {
            Hdu hdu = hdu(from + i);
            long cnt0 = number(hdu, "CNT0");
            long timeNs = number(hdu, TIME);
            long lost = from + i == 0 ? 0 : Math.max(0, cnt0 - before - 1);
            rows[i] = new FrameRow(cnt0, number(hdu, "CNT1"), number(hdu, "CNT2"), timeNs, 0, timeNs, lost, 0);
            before = cnt0;
        }
        return rows;
    }

    private static long number(Hdu hdu, String name) {
        return hdu.header().integerOr(name, 0, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    @Override
    public void read(long from, MemorySegment target) {
        long frameBytes = frameBytes();
        for (long at = 0; at < target.byteSize(); at += frameBytes) {
            Hdu hdu = hdu(from + at / frameBytes);
            MemorySegment pixels = target.asSlice(at, frameBytes);
            long found = source.read(hdu.dataOffset(), pixels);
            if (found < frameBytes) {
                throw hdu.truncated(found);
            }
            toNative(pixels, format);
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
