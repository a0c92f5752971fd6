package org.shmrt.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.record.chunk.ChunkName;
import org.shmrt.record.chunk.ChunkSpec;
import org.shmrt.record.chunk.ChunkWriter;
import org.shmrt.record.chunk.FrameRow;
import org.shmrt.testing.RampFrames;

/** Writes recordings of ramps with chosen times, without a recorder. */
final class RecordingFixture {
    static final long START_NS = 1_800_000_000_000_000_000L;
    static final Shape FRAME = Shape.of(5, 8);
    static final RampFrames RAMPS = new RampFrames(FRAME.elementCount());
    private static final long FRAME_BYTES = FRAME.byteSize(DataType.UINT16);

    private RecordingFixture() {}

    /**
     * Writes chunks: frame i has the count {@code i + 1} and the id {@code 3 * (i + 1)}, was acquired at
     * {@code START_NS + i * periodNs}, and arrived 1000 ns later.
     */
    static void write(Path directory, String stream, int frames, int framesPerChunk, long periodNs) {
        write(directory, stream, frames, framesPerChunk, periodNs, i -> i + 1L);
    }

    /** Writes a chunk of one frame with a chosen acquisition time, and further cards. */
    static void writeFrame(Path directory, String stream, long acquiredNs, List<FitsCard> cards) {
        List<FitsCard> all = new ArrayList<>(cards);
        all.add(FitsCard.of("STREAM", stream, ""));
        Path path = new ChunkName(stream, START_NS, ChunkName.PLAIN).in(directory);
        try (Arena arena = Arena.ofConfined();
                ChunkWriter writer = ChunkWriter.create(path, new ChunkSpec(DataType.UINT16, FRAME, all))) {
            MemorySegment frame = arena.allocate(FRAME_BYTES, 8).copyFrom(RAMPS.of(1));
            writer.convert(frame);
            ByteBuffer row = ByteBuffer.allocate(FrameRow.BYTES);
            new FrameRow(1, 0, 0, acquiredNs, 0, START_NS, 0, 0).put(row);
            writer.append(frame, row.flip());
            writer.finish(0, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes chunks with chosen counts, by the index of the frame. */
    static void write(
            Path directory, String stream, int frames, int framesPerChunk, long periodNs, IntToLongFunction counts) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(FRAME_BYTES, 8);
            for (int first = 0; first < frames; first += framesPerChunk) {
                ChunkSpec spec = new ChunkSpec(
                        DataType.UINT16,
                        FRAME,
                        List.of(
                                FitsCard.of("STREAM", stream, ""),
                                FitsCard.of("SHMFMT", "dao", ""),
                                FitsCard.of("SHMDEPTH", 16, ""),
                                FitsCard.of("GAIN", 2.5, "of the camera")));
                long startNs = START_NS + first * periodNs + 1000;
                Path path = new ChunkName(stream, startNs, ChunkName.PLAIN).in(directory);
                try (ChunkWriter writer = ChunkWriter.create(path, spec)) {
                    for (int i = first; i < Math.min(frames, first + framesPerChunk); i++) {
                        frame.copyFrom(RAMPS.of(i + 1));
                        writer.convert(frame);
                        ByteBuffer row = ByteBuffer.allocate(FrameRow.BYTES);
                        long acquiredNs = START_NS + i * periodNs;
                        new FrameRow(counts.applyAsLong(i), 0, 3L * (i + 1), acquiredNs, 0, acquiredNs + 1000, 0, 0)
                                .put(row);
                        writer.append(frame, row.flip());
                    }
                    writer.finish(0, 0);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
