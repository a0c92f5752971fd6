package org.shmrt.record.chunk;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;

/** An open chunk in npy form. */
final class NpyCube extends ChunkFile {
    private static final int HEADER_BYTES = 1024;

    private final ByteSource cube;
    private final Header header;
    private final DataType type;
    private final Shape frame;

    /**
     * The header of an npy file that {@link NpyForm} wrote.
     *
     * @param descriptor type of the elements, as in the file
     * @param axes lengths of the axes, slowest first
     * @param bytes size of the header
     */
    record Header(String descriptor, long[] axes, long bytes) {
        private static final Pattern FORM = Pattern.compile(
                "\\{'descr': (.*), 'fortran_order': False, 'shape': \\(([0-9]{1,18}(?:, [0-9]{1,18})*),?\\), }\\s*");
        private static final int LENGTH_AT = 8;
        private static final int TEXT_AT = 10;

        static Header read(ByteSource source, int maxBytes) {
            byte[] start = new byte[maxBytes];
            long found = source.read(0, MemorySegment.ofArray(start));
            if (found > TEXT_AT && start[1] == 'N' && start[LENGTH_AT - 2] == 1) {
                int length = (start[LENGTH_AT] & 0xff) | (start[LENGTH_AT + 1] & 0xff) << 8;
                if (TEXT_AT + length <= found) {
                    Matcher matcher = FORM.matcher(new String(start, TEXT_AT, length, StandardCharsets.ISO_8859_1));
                    if (matcher.matches()) {
                        long[] axes = Arrays.stream(matcher.group(2).split(", ", -1))
                                .mapToLong(Long::parseLong)
                                .toArray();
                        return new Header(matcher.group(1), axes, TEXT_AT + length);
                    }
                }
            }
            throw new IncompatibleException("cannot read " + FileNames.text(source.path())
                    + ": it does not begin as an npy file of a recording does");
        }
    }

    private NpyCube(Path path, ByteSource cube, Header header, Found found) {
        super(path, found);
        this.cube = cube;
        this.header = header;
        this.type = type(path, header.descriptor);
        this.frame = frameOf(path, header);
    }

    static NpyCube open(Path path, Locked locked) {
        return ByteSource.openRegular(path, cube -> open(path, cube, locked));
    }

    private static NpyCube open(Path path, ByteSource cube, Locked locked) {
        Header header = Header.read(cube, HEADER_BYTES);
        long frameBytes = frameOf(path, header).byteSize(type(path, header.descriptor));
        long inFile = Math.max(0, cube.byteSize().orElse(0) - header.bytes) / frameBytes;
        Optional<Found> unfinished = unfinished(path, locked, header.axes[0], inFile);
        return new NpyCube(path, cube, header, unfinished.orElseGet(() -> complete(path, header, inFile)));
    }

    private static Found complete(Path path, Header header, long inFile) {
        if (!Files.exists(NpyForm.timesOf(path))) {
            throw new NotFoundException("there is no file " + FileNames.text(NpyForm.timesOf(path))
                    + " with the times of " + FileNames.text(path));
        }
        FrameTable table = FrameTable.ofNpy(NpyForm.timesOf(path));
        return new Found(table, Math.min(inFile, Math.min(header.axes[0], table.rows())), State.COMPLETE);
    }

    private static Shape frameOf(Path path, Header header) {
        return shape(Arrays.copyOfRange(header.axes, 1, header.axes.length))
                .orElseThrow(() -> new IncompatibleException("cannot read " + FileNames.text(path) + ": its shape "
                        + Arrays.toString(header.axes) + " is not that of frames; the file is damaged"));
    }

    private static DataType type(Path path, String descriptor) {
        for (DataType type : DataType.values()) {
            if (descriptor.matches("'[<|]" + type.npyCode() + "'")) {
                return type;
            }
        }
        throw new IncompatibleException(
                "cannot read " + FileNames.text(path) + ": " + descriptor + " is not the type of a stream");
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public Shape frameShape() {
        return frame;
    }

    @Override
    public List<FitsCard> cards() {
        return NpyForm.cards(path());
    }

    @Override
    long cubeAt() {
        return header.bytes;
    }

    @Override
    public void read(long first, MemorySegment target) {
        long offset = first * frameBytes();
        if (cube.read(header.bytes + offset, target) < target.byteSize()) {
            throw new IncompatibleException("cannot read frame " + first + " of " + FileNames.text(path())
                    + ": the file is truncated; copy it again");
        }
    }

    @Override
    public Optional<MemorySegment> map(long first, long count, Arena arena) {
        return Optional.of(mapBytes(header.bytes + first * frameBytes(), count * frameBytes(), arena));
    }

    @Override
    public void close() {
        super.close();
        cube.close();
    }
}
