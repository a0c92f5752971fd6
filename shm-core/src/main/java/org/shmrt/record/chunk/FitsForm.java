package org.shmrt.record.chunk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.FitsBlock;
import org.shmrt.fits.pixel.ByteSwap;
import org.shmrt.fits.pixel.StoredType;

/** A FITS cube in the primary HDU; at the end the table follows it as an extension. */
final class FitsForm extends CubeForm {
    private static final int CARD_BYTES = FitsBlock.CARD_BYTES;
    private static final int NAME_BYTES = 8;
    /** Loops over more elements than this do not fit an int. */
    private static final long MAX_SWAP_BYTES = 1 << 30;

    private static final int WIDENING_ELEMENTS = 1 << 16;
    private static final byte[] PAD = new byte[FitsBlock.BYTES];

    private final ChunkSpec spec;
    private final StoredType stored;

    FitsForm(ChunkSpec spec) {
        this.spec = spec;
        this.stored = StoredType.of(spec.type());
    }

    @Override
    byte[] header(long frames) {
        return spec.header(stored, frames);
    }

    @Override
    long storedFrameBytes() {
        return spec.frame().elementCount() * stored.storedBytes();
    }

    @Override
    void convert(MemorySegment frames) {
        if (stored.widened() || (stored.storedBytes() == 1 && stored.flip() == 0)) {
            return;
        }
        for (long at = 0; at < frames.byteSize(); at += MAX_SWAP_BYTES) {
            MemorySegment part = frames.asSlice(at, Math.min(MAX_SWAP_BYTES, frames.byteSize() - at));
            ByteSwap.toFile(part, stored.storedBytes(), stored.flip());
        }
    }

    @Override
    void write(FileChannel cube, MemorySegment converted, long at) throws IOException {
        if (!stored.widened()) {
            super.write(cube, converted, at);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment wide = arena.allocate((long) WIDENING_ELEMENTS * stored.storedBytes(), Long.BYTES);
            long elements = converted.byteSize() / spec.type().itemBytes();
            for (long done = 0; done < elements; done += WIDENING_ELEMENTS) {
                int count = (int) Math.min(WIDENING_ELEMENTS, elements - done);
                MemorySegment part = wide.asSlice(0, (long) count * stored.storedBytes());
                stored.copy(converted, done, count, part);
                ByteSwap.toFile(part, stored.storedBytes(), stored.flip());
                super.write(cube, part, at + done * stored.storedBytes());
            }
        }
    }

    @Override
    void pad(FileChannel cube, long end) throws IOException {
        padBlock(cube, end);
    }

    /** Fills the last block of a file with zeros. */
    static void padBlock(FileChannel to, long written) throws IOException {
        int missing = (int) (FitsBlock.roundUp(written) - written);
        write(to, ByteBuffer.wrap(PAD, 0, missing), written);
    }

    @Override
    void describe(FileChannel cube, long frames) throws IOException {
        writeCard(cube, spec.framesCard(), spec.framesCard(frames));
    }

    static void writeCard(FileChannel to, long index, FitsCard card) throws IOException {
        write(to, ByteBuffer.wrap(encode(card)), index * CARD_BYTES);
    }

    /** Writes the card with the number of rows of a table. */
    static void describeTable(FileChannel to, long tableAt, long rows) throws IOException {
        writeCard(to, tableAt / CARD_BYTES + TableHeader.ROWS_CARD, TableHeader.rowsCard(rows));
    }

    /** A card of one line. */
    static byte[] encode(FitsCard card) {
        return Arrays.copyOf(new CardWriter().add(card).end(), CARD_BYTES);
    }

    @Override
    void complete(FileChannel cube, End end) throws IOException {
        long cubeEnd = end.cubeAt() + end.frames() * storedFrameBytes();
        padBlock(cube, cubeEnd);
        long to = FitsBlock.roundUp(cubeEnd);
        long bytes = TableHeader.bytes() + end.frames() * FrameRow.BYTES;
        cube.truncate(to);
        cube.position(to);
        long done = 0;
        while (done < bytes) {
            long copied = end.table().transferTo(end.tableAt() + done, bytes - done, cube);
            if (copied <= 0) {
                throw new IOException("the table of the frames ends too early");
            }
            done += copied;
        }
        describeTable(cube, to, end.frames());
        padBlock(cube, to + bytes);
        cube.force(false);
        describe(cube, end.frames());
        replaceCard(cube, end.cubeAt(), ChunkSpec.lostCard(end.lost()));
        if (end.lostAtEnd().isPresent()) {
            replaceCard(
                    cube, end.cubeAt(), ChunkSpec.lostAtEndCard(end.lostAtEnd().getAsLong()));
        }
        cube.force(false);
    }

    /** Replaces the first card of its name in the header of the cube. */
    private static void replaceCard(FileChannel cube, long headerBytes, FitsCard card) throws IOException {
        byte[] name = Arrays.copyOf(encode(card), NAME_BYTES);
        ByteBuffer header = ByteBuffer.allocate(Math.toIntExact(headerBytes));
        while (header.hasRemaining() && cube.read(header, header.position()) > 0) {
            // reads on
        }
        for (int at = 0; at < header.position(); at += CARD_BYTES) {
            if (Arrays.equals(header.array(), at, at + NAME_BYTES, name, 0, NAME_BYTES)) {
                writeCard(cube, at / CARD_BYTES, card);
                return;
            }
        }
    }
}
