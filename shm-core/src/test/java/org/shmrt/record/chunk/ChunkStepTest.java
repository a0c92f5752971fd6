package org.shmrt.record.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.testing.InterceptedChannel;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/**
 * A writer of a chunk that ends before each of its writes, truncations and flushes, and in the middle of each write: what
 * was appended before is readable, before and after the repair.
 */
@Timeout(600)
class ChunkStepTest {
    private static final Shape FRAME = Shape.of(5, 8);
    private static final int FRAME_BYTES = 80;
    private static final int SECTOR = 512;
    private static final ChunkSpec SPEC = new ChunkSpec(DataType.UINT16, FRAME, List.of());
    private static final long START_NS = 1_800_000_000_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final RampFrames ramps = new RampFrames(FRAME.elementCount());

    /** Where in a step the writer ends. */
    enum End {
        BEFORE,
        MIDDLE
    }

    /** How far the writer came. */
    private static final class Progress {
        private int begun;
        private int appended;
        private boolean finished;
    }

    private void append(ChunkWriter writer, int count, Progress progress) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frames = arena.allocate((long) count * FRAME_BYTES, Long.BYTES);
            ByteBuffer rows = ByteBuffer.allocate(count * FrameRow.BYTES);
            for (int i = 0; i < count; i++) {
                int number = progress.appended + i + 1;
                MemorySegment.copy(ramps.of(number), 0, frames, (long) i * FRAME_BYTES, FRAME_BYTES);
                new FrameRow(number, 0, number, START_NS, 0, START_NS + number, 0, 0).put(rows);
            }
            writer.convert(frames);
            progress.begun += count;
            writer.append(frames, rows.flip());
            progress.appended += count;
        }
    }

    /** Neither a kill nor a power failure tears a header of npy, which is smaller than a sector of a disk. */
    private static boolean isTorn(Path path, ByteBuffer bytes) {
        return !path.toString().endsWith(ChunkName.NPY) || bytes.remaining() > SECTOR;
    }

    private InterceptedChannel.Interceptor ending(Path path, int step, End end) {
        AtomicInteger steps = new AtomicInteger();
        return (file, bytes, position) -> {
            if (steps.getAndIncrement() >= step) {
                if (end == End.MIDDLE && steps.get() == step + 1 && isTorn(path, bytes)) {
                    writePart(file, bytes, position);
                }
                throw new IOException("ended");
            }
        };
    }

    private static void writePart(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        ByteBuffer part = bytes.slice(bytes.position(), bytes.remaining() / 2);
        long at = position;
        while (part.hasRemaining()) {
            at += file.write(part, at);
        }
    }

    private Progress write(Path path, int step, End end) throws IOException {
        Progress progress = new Progress();
        InterceptedChannel.Interceptor interceptor = ending(path, step, end);
        // closing releases files and lock, as the kernel does
        try (ChunkWriter writer = ChunkWriter.create(path, SPEC, file -> new InterceptedChannel(file, interceptor))) {
            append(writer, 3, progress);
            writer.flush();
            append(writer, 2, progress);
            writer.flush();
            append(writer, 40, progress);
            writer.finish(0, 0);
            progress.finished = true;
        } catch (IOException e) {
            assertEquals("ended", e.getMessage());
        } catch (ForceFailedException e) {
            assertEquals("ended", e.getCause().getMessage());
        }
        return progress;
    }

    private long assertReadable(Path path, Progress progress) {
        try (ChunkFile file = ChunkFile.open(path);
                Arena arena = Arena.ofConfined()) {
            MemorySegment pixels = arena.allocate(FRAME_BYTES, Long.BYTES);
            assertTrue(file.frames() >= progress.appended && file.frames() <= progress.begun, path::toString);
            for (int i = 0; i < file.frames(); i++) {
                file.read(i, pixels);
                assertTrue(ramps.isWhole(pixels, i + 1), path + " frame " + i);
                assertEquals(i + 1, file.row(i).cnt0());
            }
            return file.frames();
        }
    }

    @ParameterizedTest
    @CsvSource({
        ChunkName.PLAIN + ",BEFORE",
        ChunkName.PLAIN + ",MIDDLE",
        ChunkName.NPY + ",BEFORE",
        ChunkName.NPY + ",MIDDLE"
    })
    void shouldLoseNothingThatWasAppendedWhereverTheWriterEnds(String ending, End end) throws IOException {
        int step = 0;
        int inFrames = 0;
        for (boolean finished = false; !finished; step++) {
            Path path = new ChunkName("step" + step, START_NS, ending).in(scratch.directory());
            Progress progress = write(path, step, end);
            finished = progress.finished;
            if (progress.appended > 0) {
                inFrames++;
                long before = assertReadable(path, progress);
                List<ChunkRepair.Result> ignored = ChunkRepair.repair(scratch.directory());
                assertEquals(before, assertReadable(path, progress), "after the repair of step " + step);
                assertTrue(Files.notExists(ChunkName.timesOf(path)), path::toString);
            } else {
                List<ChunkRepair.Result> ignored = ChunkRepair.repair(scratch.directory());
            }
            assertEquals(List.of(), ChunkRepair.repair(scratch.directory()), "a second repair");
        }
        assertTrue(inFrames > 15, inFrames + " of " + step + " steps");
    }

    @Test
    void shouldLeaveNothingIfTheFilesCannotBeCreated() throws IOException {
        Path path = new ChunkName("none", START_NS, ChunkName.PLAIN).in(scratch.directory());

        assertEquals(0, write(path, 0, End.BEFORE).begun);

        assertEquals(List.of(), scratch.files());
    }
}
