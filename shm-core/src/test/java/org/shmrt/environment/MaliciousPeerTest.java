package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.array.SharedArray;
import org.shmrt.block.ShareableList;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.Scratch;

/**
 * A malicious peer overwrites the header while ShmRT uses it, also between a check and the use of the checked value.
 * Every use must end in time with a typed exception or a verdict, and the JVM must survive. {@code
 * -Dshmrt.hostile.seconds=600} sets the duration of each test.
 */
@Tag("slow")
@Timeout(3600)
class MaliciousPeerTest {
    private static final long MS = Long.getLong("shmrt.hostile.seconds", 0) * 1000;
    private static final long SHORT_MS = 1_500;
    /** Offsets of sizes, counters, flags and lists, as in formats.md. */
    private static final long[] MILK = {
        112, 116, 120, 124, 128, 136, 144, 152, 216, 224, 232, 240, 256, 258, 260, 264, 272, 280, 288, 289, 290, 292,
        296, 304, 312, 320, 384
    };

    private static final long[] DAO = {
        80, 84, 88, 92, 96, 104, 112, 136, 144, 148, 152, 160, 168, 176, 177, 178, 180, 184, 188, 192, 200
    };

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    @ParameterizedTest
    @CsvSource({"dao, 1", "dao, 4", "milk, 1"})
    void shouldUseAStreamWhileItsHeaderIsCorrupted(String format, int depth) throws IOException {
        Path path = scratch.stream(format + depth);
        StreamSpec spec =
                StreamSpec.of(format, DataType.UINT16, Shape.of(16, 24)).withKeywords(8);
        ImageStream.create(path, depth == 1 ? spec : spec.withDepth(depth)).close();

        assertSurvives("stream", path, 0, Files.size(path), format.equals("dao") ? DAO : MILK);
    }

    /** The circular buffer and the rolling cube have lists whose length is in the file. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadTheHistoryOfAMilkStreamWhileItsHeaderIsCorrupted(boolean circular) throws IOException {
        Path path = scratch.stream("past");
        StreamSpec spec = circular
                ? StreamSpec.milk(DataType.UINT8, Shape.of(8, 8)).withCircularBuffer(5)
                : StreamSpec.milk(DataType.UINT8, Shape.of(5, 8, 8)).asRollingCube();
        ImageStream.create(path, spec.withKeywords(4)).close();

        assertSurvives("stream", path, 0, Files.size(path), MILK);
    }

    @Test
    void shouldUseAnArrayWhileItsTrailerIsCorrupted() throws IOException {
        Path path = scratch.directory().resolve("array");
        SharedArray.create("file://" + path, DataType.FLOAT64, Shape.of(8, 8, 8))
                .close();
        long size = Files.size(path);
        long[] offsets = new long[73];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = size - 292 + 4L * i;
        }

        assertSurvives("array", path, size - 292, size, offsets);
    }

    @Test
    void shouldUseAListWhileItsIndexIsCorrupted() throws IOException {
        String name = shared.name("list");
        try (ShareableList list = ShareableList.create(name, List.of(1L, "text", 2.5, true, new byte[] {1, 2, 3}))) {
            Path path = BlockScratch.file(name);

            assertSurvives("list", path, 0, Files.size(path), new long[] {0, 8, 16, 24, 32, 40, 48, 56});

            list.block().unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadAFitsFileWhileItIsCorrupted(boolean compressed) throws IOException {
        Path path = scratch.directory().resolve("x.fits");
        Shape shape = Shape.of(40, 30);
        MemorySegment data = Arena.ofAuto().allocate(shape.byteSize(DataType.INT32));
        FitsOptions options = FitsOptions.defaults();
        FitsFile.write(
                path, new MemoryImage(DataType.INT32, shape, data), compressed ? options.withCompression() : options);
        long size = Files.size(path);
        // the value columns of the header cards, and the table after the header
        long[] offsets = new long[40];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = i * 80L + 20 + i % 10;
        }

        assertSurvives("fits", path, 0, size, offsets);
    }

    private static void assertSurvives(String scenario, Path path, long from, long to, long[] offsets) {
        long ms = MS > 0 ? MS : SHORT_MS;
        try (ChildProcess child = MaliciousPeerChild.start(scenario, path, ms, 1)) {
            assertEquals("started", child.line());
            try (HeaderCorruptor corruptor = new HeaderCorruptor(path, from, to, offsets, 20261121L + to)) {
                Thread.sleep(ms);
                List<String> last = child.finish();
                String[] counts = last.getLast().split(" ");
                System.out.println(scenario + " " + path.getFileName() + ": " + counts[0] + " uses succeeded, "
                        + counts[1] + " were refused, against " + corruptor.stores() + " stores");
                assertTrue(Long.parseLong(counts[0]) > 0, "no use succeeded: " + last);
                assertTrue(Long.parseLong(counts[1]) > 0, "no use was refused: " + last);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
