package org.shmrt.record.chunk;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.files.Bytes;
import org.shmrt.files.OutputFile;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.FitsBlock;
import org.shmrt.fits.pixel.StoredType;
import org.shmrt.fits.tile.TileWriter;
import org.shmrt.memory.Shape;

/** Copies frames of chunks to a new cube, which appears when it is complete. */
public final class CubeCopy {
    /** Small enough to remain in the cache of the processor between reading and writing. */
    private static final long BATCH_BYTES = 256 << 10;

    private static final int BATCH_ROWS = 4096;

    /** Consecutive frames of a chunk. */
    public record Part(FrameFile chunk, long first, long count) {}

    private final ChunkSpec spec;
    private final StoredType stored;
    private final Iterable<Part> parts;
    private final long frames;

    /**
     * Prepares a copy.
     *
     * @param spec type and shape of the frames of all parts, and the cards of the copy
     * @param parts the frames in order; iterated over twice
     * @param frames their number, at least 1
     */
    public CubeCopy(ChunkSpec spec, Iterable<Part> parts, long frames) {
        this.spec = spec;
        this.stored = StoredType.of(spec.type());
        this.parts = parts;
        this.frames = frames;
    }

    /**
     * Writes a cube with plain pixels.
     *
     * @return a remark for the user
     */
    public Optional<String> writePlain(Path target) {
        return OutputFile.writeInterruptibly(target, out -> {
            out.write(spec.header(stored, frames));
            for (Part part : parts) {
                copyPixels(part, out);
            }
            FitsBlock.pad(out, frames * spec.frame().elementCount() * stored.storedBytes());
            writeTable(out);
        });
    }

    private void copyPixels(Part part, OutputFile.Output out) throws IOException {
        long perBatch = Math.max(1, BATCH_BYTES / spec.frameBytes());
        MemorySegment batch =
                Bytes.allocate(Math.min(part.count(), perBatch) * spec.frameBytes(), "the frames of a recording");
        for (long done = 0; done < part.count(); done += perBatch) {
            long count = Math.min(perBatch, part.count() - done);
            MemorySegment pixels = batch.asSlice(0, count * spec.frameBytes());
            if (part.chunk().isPlain()) {
                part.chunk().readStored(part.first() + done, pixels);
            } else {
                part.chunk().read(part.first() + done, pixels);
                new FitsForm(spec).convert(pixels);
            }
            out.write(pixels);
        }
    }

    private void writeTable(OutputStream out) throws IOException {
        out.write(TableHeader.encode(frames, BootId.CURRENT));
        for (Part part : parts) {
            for (long done = 0; done < part.count(); done += BATCH_ROWS) {
                int count = (int) Math.min(BATCH_ROWS, part.count() - done);
                ByteBuffer rows = ByteBuffer.allocate(count * FrameRow.BYTES);
                for (FrameRow row : part.chunk().rows(part.first() + done, count)) {
                    row.put(rows);
                }
                out.write(rows.array());
            }
        }
        FitsBlock.pad(out, frames * FrameRow.BYTES);
    }

    /**
     * Writes a cube with compressed pixels: Rice's algorithm for integers, gzip for other numbers. The compressed pixels
     * are in memory before they are written.
     *
     * @return a remark for the user
     */
    public Optional<String> writeCompressed(Path target) {
        long[] lengths = new long[spec.frame().rank() + 1];
        lengths[0] = frames;
        System.arraycopy(spec.frame().lengths(), 0, lengths, 1, spec.frame().rank());
        return OutputFile.write(target, out -> {
            out.write(CardWriter.primaryWithoutImage("the image is in the extension"));
            TileWriter tiles = new TileWriter(spec.type(), Shape.of(lengths), spec.frame(), stored);
            MemorySegment frame = Bytes.allocate(spec.frameBytes(), "a frame of a recording");
            for (Part part : parts) {
                for (long i = 0; i < part.count(); i++) {
                    part.chunk().read(part.first() + i, frame);
                    tiles.add(frame);
                }
            }
            tiles.writeTo(out, header -> spec.describe(header, stored));
            writeTable(out);
        });
    }

    /** Whether other programs read compressed pixels of this type. */
    public static boolean isCompressible(ChunkSpec spec) {
        return StoredType.of(spec.type()).bitpix() != Long.SIZE;
    }
}
