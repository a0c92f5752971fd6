package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** Damaged and malformed files are rejected with a message or read safely, and leave nothing behind. */
@Timeout(600)
class CorruptStreamTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    static Stream<Golden> files() {
        return Golden.of("corrupt").filter(golden -> golden.name().matches("(dao|milk)_.*"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldAcceptOrRejectTheFileAsTheManifestExpects(Golden golden) throws IOException {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        String expect = golden.text("expect");
        String refusal = "none";

        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            use(stream);
            // A valid file of another system, or one that may be accepted.
            assertTrue(
                    !expect.equals("reject")
                            || !golden.name().startsWith(stream.layout().format()),
                    () -> "accepted although " + golden.text("what_is_wrong"));
        } catch (IncompatibleException e) {
            refusal = e.getMessage();
            assertTrue(expect.contains("reject"), refusal);
            assertTrue(refusal.startsWith(path + " is "), refusal);
            assertTrue(refusal.length() > path.toString().length() + 20 && refusal.indexOf('\n') < 0, refusal);
        }

        assertArrayEquals(golden.bytes(), Files.readAllBytes(path));
        assertEquals(List.of(), scratch.stillOpen(), refusal);
        assertEquals(List.of(), scratch.semaphores(), refusal);
    }

    private static void use(ImageStream stream) {
        MemorySegment buffer =
                MemorySegment.ofArray(new byte[(int) stream.layout().frameBytes()]);
        stream.status();
        stream.keywords();
        assertTrue(stream.layout().storedName().length() <= 80);
        assertTrue(stream.layout().semaphores().count() <= 10);
        try (FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertNotEquals(Verdict.TIMED_OUT, reader.newest());
            reader.read(buffer, 1_000_000L);
            reader.readNewest(buffer, 1_000_000L);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dao_trunc_in_data | its size is 4324 bytes",
                "dao_trunc_in_keywords | with 6 keywords",
                "dao_naxis_255 | number of axes (offset 80) is 255",
                "dao_size0_zero | has length 0",
                "dao_size_product_overflow | more elements than 63 bits can count",
                "dao_nelement_mismatch | element count (offset 96) is 13",
                "dao_nelement_huge | is 9223372036854775808",
                "dao_dtype_13_milk_half | type code (offset 104) is 13",
                "dao_fifo_size_huge | is 4294967295",
                "dao_fifo4_last_out_of_range | is 4294967280 of 4"
            })
    void shouldNameWhatIsWrongAndWhere(String name, String words) {
        Path path = Golden.named("corrupt", name).copyTo(scratch.stream(name));

        IncompatibleException refusal =
                assertThrows(IncompatibleException.class, () -> ImageStream.open(path, Access.READ_ONLY));

        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
    }

    @Test
    void shouldContinueReadingAndWritingAfterAnImplausibleCounter() {
        Path path = Golden.named("corrupt", "dao_fifo4_cnt0_inconsistent").copyTo(scratch.stream("odd"));
        MemorySegment frame = MemorySegment.ofArray(new byte[24]);
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            for (int count = 7; count <= 15; count++) {
                assertEquals(count, writer.write(frame.fill((byte) count)));
                assertEquals(Verdict.FRESH, reader.awaitNext(1_000_000_000L));
                assertEquals(count, reader.count());
            }
        }
    }

    @Test
    void shouldBoundTheNameAndReportThatItIsNotTerminated() {
        Path path = Golden.named("corrupt", "dao_name_not_terminated").copyTo(scratch.stream("endless"));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(80, stream.layout().storedName().length());
            assertEquals(1, stream.layout().warnings().size());
        }
    }

    @Test
    void shouldCapTheSemaphoresAndReportIt() {
        Path path = Golden.named("corrupt", "dao_sem_65535").copyTo(scratch.stream("many"));
        try (ImageStream stream = ImageStream.open(path)) {
            assertEquals(10, stream.layout().semaphores().count());
            assertEquals(11, scratch.semaphores().size());
            assertTrue(stream.layout().warnings().getFirst().contains("65535"));
        }
    }

    @Test
    void shouldRejectRandomBytesOfAnySize() throws IOException {
        Random random = new Random(20261121L);
        Path path = scratch.stream("noise");
        for (int round = 0; round < 300; round++) {
            byte[] noise = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(noise);
            Files.write(path, noise);

            assertThrows(IncompatibleException.class, () -> ImageStream.open(path, Access.READ_ONLY));
        }
        assertEquals(List.of(), scratch.stillOpen());
    }

    @Test
    void shouldSurviveAnyFlippedByteOfAHeader() throws IOException {
        Random random = new Random(20261121L);
        byte[] valid = Golden.named("dao", "fifo4_6frames_uint16").bytes();
        Path path = scratch.stream("flipped");
        int accepted = 0;
        for (int round = 0; round < 600; round++) {
            byte[] flipped = valid.clone();
            int at = round < 200 ? 80 + round % 124 : random.nextInt(flipped.length);
            flipped[at] = (byte) random.nextInt(256);
            Files.write(path, flipped);
            try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                stream.status();
                stream.keywords();
                reader.awaitNext(0);
                reader.copyTo(
                        MemorySegment.ofArray(new byte[(int) stream.layout().frameBytes()]));
                accepted++;
            } catch (IncompatibleException e) {
                assertFalse(e.getMessage().isEmpty());
            }
        }
        assertTrue(accepted > 50 && accepted < 590, "accepted " + accepted);
        assertEquals(List.of(), scratch.stillOpen());
    }

    /** A sparse file of many gigabytes takes no space on tmpfs, and opening it must take none. */
    @Test
    void shouldNotAllocateForTheDepthThatASparseFileClaims() throws IOException {
        int depth = 3_000_000;
        Path path = Golden.sparseRing(scratch.stream("deep"), depth);

        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(depth, stream.layout().depth());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(12, reader.frame().byteSize());
        }
    }
}
