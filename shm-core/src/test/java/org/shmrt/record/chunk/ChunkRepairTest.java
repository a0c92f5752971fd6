package org.shmrt.record.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.card.FitsHeader;
import org.shmrt.image.NpyFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.Astropy;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Chunks whose writer was killed, at any byte of either file. */
@Timeout(600)
class ChunkRepairTest {
    private static final Shape FRAME = Shape.of(5, 8);
    private static final int ELEMENTS = 40;
    private static final int FRAME_BYTES = 80;
    private static final ChunkSpec SPEC = new ChunkSpec(DataType.UINT16, FRAME, List.of());
    private static final long START_NS = 1_800_000_000_000_000_000L;
    private static final long[] LARGE_COUNTS = {Long.MAX_VALUE, Long.MIN_VALUE, -1};

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private final RampFrames ramps = new RampFrames(ELEMENTS);

    private Path chunk(String stream) {
        return chunk(stream, ChunkName.PLAIN);
    }

    private Path chunk(String stream, String ending) {
        return new ChunkName(stream, START_NS, ending).in(scratch.directory());
    }

    private void append(ChunkWriter writer, int first, int count) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frames = arena.allocate((long) count * FRAME_BYTES, 8);
            ByteBuffer rows = ByteBuffer.allocate(count * FrameRow.BYTES);
            for (int i = 0; i < count; i++) {
                int number = first + i;
                MemorySegment.copy(ramps.of(number), 0, frames, (long) i * FRAME_BYTES, FRAME_BYTES);
                new FrameRow(number, 0, 7L * number, START_NS + number, 0, START_NS + 2L * number + 1, 0, 0).put(rows);
            }
            writer.convert(frames);
            writer.append(frames, rows.flip());
        }
    }

    /** Leaves a chunk as a kill does: 20 frames, of which 12 were flushed. */
    private Path interrupted(String stream, String ending) throws IOException {
        Path path = chunk(stream, ending);
        try (ChunkWriter writer = ChunkWriter.create(path, SPEC)) {
            append(writer, 1, 12);
            writer.flush();
            append(writer, 13, 8);
        }
        return path;
    }

    private void assertFrames(Path path, long frames) {
        try (ChunkFile file = ChunkFile.open(path);
                Arena arena = Arena.ofConfined()) {
            assertEquals(frames, file.frames());
            MemorySegment pixels = arena.allocate(FRAME_BYTES, 8);
            for (int i = 0; i < frames; i++) {
                file.read(i, pixels);
                assertTrue(ramps.isWhole(pixels, i + 1), "frame " + i);
                assertEquals(i + 1, file.row(i).cnt0());
                assertEquals(7L * (i + 1), file.row(i).frameId());
            }
        }
    }

    /** From 2^63 on, as unsigned numbers. */
    @ParameterizedTest
    @ValueSource(strings = {ChunkName.PLAIN, ChunkName.NPY})
    void shouldStoreLargeCountersAsUnsignedNumbers(String ending) throws IOException {
        Path path = large(ending);

        try (ChunkFile file = ChunkFile.open(path)) {
            for (int i = 0; i < LARGE_COUNTS.length; i++) {
                assertEquals(large(LARGE_COUNTS[i]), file.row(i));
            }
        }
        if (ending.equals(ChunkName.NPY)) {
            byte[] table = Files.readAllBytes(NpyForm.timesOf(path));
            String header = new String(table, StandardCharsets.ISO_8859_1);
            assertTrue(
                    header.contains("('CNT0', '>u8'), ('CNT1', '>u8'), ('FRAME_ID', '>u8'), ('ACQUIRED_NS', '>i8')"));
            ByteBuffer rows = ByteBuffer.wrap(table, table.length - 3 * FrameRow.BYTES, 3 * FrameRow.BYTES);
            assertEquals(Long.MAX_VALUE, rows.slice().getLong(0));
            assertEquals(-1, rows.slice().getLong(2 * FrameRow.BYTES));
        }
    }

    private static FrameRow large(long count) {
        return new FrameRow(count, count + 1, count + 2, -3, 4, START_NS, 6, 7);
    }

    private Path large(String ending) throws IOException {
        Path path = chunk("large", ending);
        try (ChunkWriter writer = ChunkWriter.create(path, SPEC);
                Arena arena = Arena.ofConfined()) {
            ByteBuffer rows = ByteBuffer.allocate(LARGE_COUNTS.length * FrameRow.BYTES);
            for (long count : LARGE_COUNTS) {
                large(count).put(rows);
            }
            MemorySegment frames = arena.allocate((long) LARGE_COUNTS.length * FRAME_BYTES, 8);
            writer.convert(frames);
            writer.append(frames, rows.flip());
            writer.finish(0, 0);
        }
        return path;
    }

    @Test
    void shouldStoreCountersThatAstropyReads() throws IOException {
        Astropy.assumePresent();
        Path path = large(ChunkName.PLAIN);

        assertEquals(
                List.of(
                        "9223372036854775807 9223372036854775808 9223372036854775809 -3",
                        "9223372036854775808 9223372036854775809 9223372036854775810 -3",
                        "18446744073709551615 0 1 -3"),
                Astropy.run("recording", path));
    }

    /** They stored counters as signed numbers, without TZERO. */
    @ParameterizedTest
    @ValueSource(strings = {ChunkName.PLAIN, ChunkName.NPY})
    void shouldReadAndRepairChunksOfEarlierVersions(String ending) throws IOException {
        Path path = interrupted("old", ending);
        makeOld(ChunkName.timesOf(path));
        assertFrames(path, 20);

        assertEquals(
                ChunkRepair.Action.COMPLETED,
                ChunkRepair.repair(scratch.directory()).getFirst().action());

        assertFrames(path, 20);
        if (ending.equals(ChunkName.NPY)) {
            Path times = NpyForm.timesOf(path);
            String text = Files.readString(times, StandardCharsets.ISO_8859_1);
            Files.writeString(times, text.replace("'>u8'", "'>i8'"), StandardCharsets.ISO_8859_1);
            assertFrames(path, 20);
        } else {
            assertTrue(!Files.readString(path, StandardCharsets.ISO_8859_1).contains("TZERO"));
        }
    }

    /** Turns the table of an interrupted chunk into that of an earlier version. */
    private static void makeOld(Path table) throws IOException {
        String header = Files.readString(table, StandardCharsets.ISO_8859_1);
        byte[] bytes = header.replace("TZERO", "XZERO").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer old = ByteBuffer.wrap(bytes);
        int rowsAt = 2880 + TableHeader.bytes();
        assertTrue(header.contains("TZERO3"), "premise");
        for (int row = rowsAt; row + FrameRow.BYTES <= bytes.length; row += FrameRow.BYTES) {
            for (int column = 0; column < 3; column++) {
                int at = row + column * Long.BYTES;
                old.putLong(at, old.getLong(at) ^ Long.MIN_VALUE);
            }
        }
        Files.write(table, bytes);
    }

    @Test
    void shouldFinishAChunkThatOtherProgramsRead() throws IOException {
        Path path = chunk("done");
        try (ChunkWriter writer = ChunkWriter.create(path, SPEC)) {
            append(writer, 1, 3);
            writer.flush();
            append(writer, 4, 4);
            writer.finish(5, 6);
        }

        assertEquals(List.of(path.getFileName().toString()), scratch.files());
        assertEquals(0, Files.size(path) % 2880);
        FitsHeader header = FitsFile.header(path);
        assertEquals(Shape.of(7, 5, 8), header.shape());
        assertEquals(DataType.UINT16, header.type());
        assertTrue(header.cards().stream()
                .anyMatch(card -> card.name().equals("NLOST") && card.value().equals(5L)));
        assertTrue(header.cards().stream()
                .anyMatch(card -> card.name().equals("LOSTEND") && card.value().equals(6L)));
        assertFrames(path, 7);
    }

    /** Frames according to another reader. */
    private static Shape shape(Path path) {
        return path.toString().endsWith(ChunkName.NPY)
                ? NpyFile.read(path).shape()
                : FitsFile.header(path).shape();
    }

    @ParameterizedTest
    @ValueSource(strings = {ChunkName.PLAIN, ChunkName.NPY})
    void shouldReadAndRepairEverythingThatAKilledWriterHasWritten(String ending) throws IOException {
        Path path = interrupted("killed", ending);

        assertFrames(path, 20);
        assertEquals(Shape.of(12, 5, 8), shape(path));

        List<ChunkRepair.Result> results = ChunkRepair.repair(scratch.directory());

        assertEquals(1, results.size());
        assertEquals(ChunkRepair.Action.COMPLETED, results.getFirst().action());
        assertEquals(20, results.getFirst().frames().getAsLong());
        assertTrue(Files.notExists(ChunkName.timesOf(path)));
        assertEquals(Shape.of(20, 5, 8), shape(path));
        assertFrames(path, 20);
        assertEquals(List.of(), ChunkRepair.repair(scratch.directory()));
    }

    @ParameterizedTest
    @ValueSource(strings = {ChunkName.PLAIN, ChunkName.NPY})
    void shouldRepairAChunkThatEndsAtAnyByteOfEitherFile(String ending) throws IOException {
        Random random = new Random(19);
        for (int round = 0; round < 60; round++) {
            Path path = interrupted("cut" + round, ending);
            Path table = ChunkName.timesOf(path);
            boolean inTable = random.nextBoolean();
            Path shortened = inTable ? table : path;
            long size = random.nextLong(Files.size(shortened) + 1);
            try (FileChannel channel = FileChannel.open(shortened, StandardOpenOption.WRITE)) {
                channel.truncate(size);
            }
            long tableAt = 2 * 2880;
            long headerBytes = CubeForm.of(path, SPEC).header(0).length;
            long expected = inTable
                    ? Math.clamp((size - tableAt) / FrameRow.BYTES, 0, 20)
                    : Math.clamp((size - headerBytes) / FRAME_BYTES, 0, 20);

            ChunkRepair.Result result = ChunkRepair.repair(scratch.directory()).getFirst();

            String at = (inTable ? "table" : "cube") + " truncated to " + size;
            if (expected > 0) {
                assertEquals(ChunkRepair.Action.COMPLETED, result.action(), at + result.reason());
                assertEquals(expected, result.frames().getAsLong(), at);
                assertFrames(path, expected);
            } else {
                assertTrue(result.action() != ChunkRepair.Action.COMPLETED, at);
            }
            ChunkDirectory.remove(path);
        }
    }

    private static void verify(Path file) {
        try (ChildProcess child = ChildProcess.start(List.of("fitsverify", "-q", file.toString()))) {
            assertEquals(List.of("verification OK: " + file), child.finish());
        }
    }

    @Test
    void shouldWriteFilesThatFitsverifyAcceptsAtEveryFlush() throws IOException {
        assumeTrue(ExternalCommand.succeeds("fitsverify", "-h"), "no fitsverify found: install cfitsio's programs");
        Path path = chunk("verified");
        try (ChunkWriter writer = ChunkWriter.create(path, SPEC)) {
            for (int i = 0; i < 3; i++) {
                append(writer, 1 + 5 * i, 5);
                writer.flush();
                verify(path);
                verify(ChunkName.timesOf(path));
            }
            writer.finish(0, 0);
        }
        verify(path);
        try (ChunkFile file = ChunkFile.open(path)) {
            ChunkSpec spec = new ChunkSpec(file.type(), file.frameShape(), file.cards());
            CubeCopy copy = new CubeCopy(spec, List.of(new CubeCopy.Part(file, 3, 9)), 9);
            Path plain = scratch.directory().resolve("part.fits");
            Path compressed = scratch.directory().resolve("part.fits.fz");
            copy.writePlain(plain);
            copy.writeCompressed(compressed);
            verify(plain);
            verify(compressed);
        }
    }

    @Test
    void shouldTrustOnlyFlushedFramesAfterARestartOfTheMachine() throws IOException {
        Path path = interrupted("restarted", ChunkName.PLAIN);
        Path table = ChunkName.timesOf(path);
        byte[] bytes = Files.readAllBytes(table);
        byte[] bootId = BootId.CURRENT.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at + bootId.length < bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + bootId.length, bootId, 0, bootId.length)) {
                bytes[at] = 'x';
            }
        }
        Files.write(table, bytes);

        assertFrames(path, 12);
    }

    @Test
    void shouldNotRepairAChunkThatIsBeingWritten() throws IOException {
        Path path = chunk("live");
        try (ChunkWriter writer = ChunkWriter.create(path, SPEC)) {
            append(writer, 1, 4);
            writer.flush();

            assertEquals(
                    ChunkRepair.Action.SKIPPED,
                    ChunkRepair.repair(scratch.directory()).getFirst().action());
            try (ChunkFile file = ChunkFile.open(path)) {
                assertEquals(ChunkFile.State.RECORDING, file.state());
            }
            assertFrames(path, 4);
            append(writer, 5, 1);
            writer.finish(0, 0);
        }
        assertFrames(path, 5);
    }

    @Test
    void shouldRemoveAChunkWithoutFramesAndADuplicateOfACompressedOne() throws IOException {
        Path empty = chunk("empty");
        ChunkWriter.create(empty, SPEC).close();
        Path plain = chunk("twice");
        try (ChunkWriter writer = ChunkWriter.create(plain, SPEC)) {
            append(writer, 1, 2);
            writer.finish(0, 0);
        }
        Files.copy(plain, plain.resolveSibling(plain.getFileName() + ".fz"));

        List<ChunkRepair.Result> results = ChunkRepair.repair(scratch.directory());

        assertEquals(
                List.of(ChunkRepair.Action.REMOVED, ChunkRepair.Action.REMOVED),
                results.stream().map(ChunkRepair.Result::action).toList());
        assertEquals(List.of(plain.getFileName() + ".fz"), scratch.files());
    }
}
