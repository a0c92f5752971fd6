package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Scratch;

/**
 * A peer that writes the header while we use it: between a check and the use of what was checked it may put anything.
 * That must end in a typed refusal or a verdict, in time, with the JVM alive. {@code -Dshmrt.hostile.seconds=600} makes
 * each of them that long.
 */
@Timeout(3600)
class HostilePeerTest {
    private static final long MS = Long.getLong("shmrt.hostile.seconds", 0) * 1000;
    private static final long SHORT_MS = 1_500;
    /** Offsets of sizes, counters, flags and lists, as formats.md has them. */
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
    void shouldUseAStreamWhoseHeaderIsBeingSpoilt(String format, int depth) throws IOException {
        Path path = scratch.stream(format + depth);
        StreamSpec spec =
                StreamSpec.of(format, DataType.UINT16, Shape.of(16, 24)).withKeywords(8);
        ImageStream.create(path, depth == 1 ? spec : spec.withDepth(depth)).close();

        assertSurvives("stream", path, 0, Files.size(path), format.equals("dao") ? DAO : MILK);
    }

    /** The fast circular buffer and the rolling cube: lists that the file says how long they are. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadTheHistoryOfAMilkStreamWhoseHeaderIsBeingSpoilt(boolean circular) throws IOException {
        Path path = scratch.stream("past");
        StreamSpec spec = circular
                ? StreamSpec.milk(DataType.UINT8, Shape.of(8, 8)).withCircularBuffer(5)
                : StreamSpec.milk(DataType.UINT8, Shape.of(5, 8, 8)).asRollingCube();
        ImageStream.create(path, spec.withKeywords(4)).close();

        assertSurvives("stream", path, 0, Files.size(path), MILK);
    }

    @Test
    void shouldUseAnArrayWhoseTrailerIsBeingSpoilt() throws IOException {
        Path path = scratch.directory().resolve("array");
        SharedArray.create("file://" + path, DataType.FLOAT64, Shape.of(8, 8, 8))
                .close();
        long size = Files.size(path);
        long[] words = new long[73];
        for (int i = 0; i < words.length; i++) {
            words[i] = size - 292 + 4L * i;
        }

        assertSurvives("array", path, size - 292, size, words);
    }

    @Test
    void shouldUseAListWhoseIndexIsBeingSpoilt() throws IOException {
        String name = shared.name("list");
        try (ShareableList list = ShareableList.create(name, List.of(1L, "text", 2.5, true, new byte[] {1, 2, 3}))) {
            Path path = BlockScratch.file(name);

            assertSurvives("list", path, 0, Files.size(path), new long[] {0, 8, 16, 24, 32, 40, 48, 56});

            list.block().unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadAFitsFileThatIsBeingSpoilt(boolean compressed) throws IOException {
        Path path = scratch.directory().resolve("x.fits");
        Shape shape = Shape.of(40, 30);
        MemorySegment data = Arena.ofAuto().allocate(shape.byteSize(DataType.INT32));
        FitsOptions options = FitsOptions.defaults();
        FitsFile.write(
                path, new MemoryImage(DataType.INT32, shape, data), compressed ? options.withCompression() : options);
        long size = Files.size(path);
        // the columns of the cards where the values stand, and all of the table behind the header
        long[] words = new long[40];
        for (int i = 0; i < words.length; i++) {
            words[i] = i * 80L + 20 + i % 10;
        }

        assertSurvives("fits", path, 0, size, words);
    }

    private static void assertSurvives(String scenario, Path path, long from, long to, long[] words) {
        long ms = MS > 0 ? MS : SHORT_MS;
        List<String> flags = List.of(
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-XX:MaxDirectMemorySize=128m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ErrorFileToStderr",
                "--enable-native-access=ALL-UNNAMED");
        try (ChildProcess child = ChildProcess.start(
                ChildJvm.command(flags, HostilePeerChild.class, scenario, path.toString(), Long.toString(ms)))) {
            assertEquals("begun", child.line());
            try (HeaderAttack attack = new HeaderAttack(path, from, to, words, 20261121L + to)) {
                for (long waitedMs = 0; waitedMs < ms; waitedMs += 1000) {
                    Thread.sleep(1000);
                }
                List<String> last = child.finish();
                String[] counts = last.getLast().split(" ");
                System.out.println(scenario + " " + path.getFileName() + ": " + counts[0] + " uses went well, "
                        + counts[1] + " were refused, against " + attack.stores() + " stores");
                assertTrue(Long.parseLong(counts[0]) > 0, "nothing went well: " + last);
                assertTrue(Long.parseLong(counts[1]) > 0, "nothing was refused: " + last);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
