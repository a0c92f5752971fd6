package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.RepairPlan;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamRepair;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** Damaged words of a ring are repaired on request, and never otherwise. */
@Timeout(600)
class DaoRepairTest {
    private static final int FIFO_SIZE = 4296;
    private static final int FIFO_LAST_WRITTEN = 4300;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private static void setWord(Path path, int offset, int value) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        Files.write(path, bytes);
    }

    @Test
    void shouldRepairWordsThatAnOlderProgramOverwrote() throws IOException {
        Golden golden = Golden.named("dao", "mixed_new_then_old_float32");
        Path path = golden.copyTo(scratch.stream("mixed"));
        assertThrows(IncompatibleException.class, () -> ImageStream.open(path));

        RepairPlan repair = StreamRepair.apply(path);

        assertEquals(List.of(new RepairPlan.Word("fifo_size", FIFO_SIZE, 0, 1)), repair.words());
        assertTrue(
                repair.remarks().getFirst().contains("8 bytes too low"),
                repair.remarks().toString());
        byte[] expected = golden.bytes();
        expected[FIFO_SIZE] = 1;
        assertArrayEquals(expected, Files.readAllBytes(path));
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(2, reader.count());
            assertEquals(3, writer.write(MemorySegment.ofArray(new byte[48])));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dao_fifo_size_0, fifo_size, 0, 1, c_2d_float32",
        "dao_fifo_size_2_of_1, fifo_size, 2, 1, c_2d_float32",
        "dao_fifo_size_huge, fifo_size, 4294967295, 1, c_2d_float32",
        "dao_fifo_last_out_of_range, fifo_last_written, 1, 0, c_2d_float32",
        "dao_fifo4_last_out_of_range, fifo_last_written, 4294967280, 1, fifo4_6frames_uint16"
    })
    void shouldRestoreTheValidFile(String name, String word, long found, long wanted, String valid) throws IOException {
        Path path = Golden.named("corrupt", name).copyTo(scratch.stream(name));

        RepairPlan repair = StreamRepair.apply(path);

        assertEquals(word, repair.words().getFirst().name());
        assertEquals(1, repair.words().size());
        assertEquals(found, repair.words().getFirst().found());
        assertEquals(wanted, repair.words().getFirst().wanted());
        assertArrayEquals(validBytes(valid), Files.readAllBytes(path));
        ImageStream.open(path, Access.READ_ONLY).close();
    }

    /** Returns the golden file that a damaged one was derived from. */
    private static byte[] validBytes(String name) {
        return Golden.of("dao")
                .filter(golden -> golden.name().equals(name))
                .findFirst()
                .map(Golden::bytes)
                .orElseGet(() -> {
                    byte[] bytes = Golden.named("corrupt", "dao_fifo_size_0").bytes();
                    bytes[FIFO_SIZE] = 1;
                    return bytes;
                });
    }

    @ParameterizedTest
    @CsvSource({"fifo, 4296", "wide, 16392", "v2, 16576"})
    void shouldFindTheDepthAndTheNewestSlotOfARing(String layout, int words) throws IOException {
        Path path = scratch.stream("ring");
        StreamSpec spec = StreamSpec.dao(DataType.INT16, Shape.of(5, 7))
                .withVariant(layout)
                .withDepth(4)
                .withKeywords(3);
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            for (int i = 0; i < 7; i++) {
                writer.write(MemorySegment.ofArray(new byte[70]));
            }
        }
        byte[] valid = Files.readAllBytes(path);
        setWord(path, words, 0x3f800000);
        setWord(path, words + 4, 0x40000000);

        RepairPlan repair = StreamRepair.apply(path);

        assertEquals(
                List.of(
                        new RepairPlan.Word("fifo_size", words, 0x3f800000, 4),
                        new RepairPlan.Word("fifo_last_written", words + 4, 0x40000000, 2)),
                repair.words());
        assertArrayEquals(valid, Files.readAllBytes(path));
    }

    @Test
    void shouldPlanWithoutChanging() throws IOException {
        Golden golden = Golden.named("corrupt", "dao_fifo_size_0");
        Path path = golden.copyTo(scratch.stream("zero"));

        assertEquals(1, StreamRepair.plan(path).words().getFirst().wanted());

        assertArrayEquals(golden.bytes(), Files.readAllBytes(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo4_6frames_uint16", "old_2d_float32_zero_first", "killed_writer_float32"})
    void shouldRejectAValidStream(String name) throws IOException {
        Golden golden = Golden.named("dao", name);
        Path path = golden.copyTo(scratch.stream("valid"));

        IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> StreamRepair.apply(path));

        assertTrue(refusal.getMessage().contains("needs no repair"), refusal.getMessage());
        assertArrayEquals(golden.bytes(), Files.readAllBytes(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dao_trunc_in_data",
                "dao_nelement_huge",
                "dao_naxis_0",
                "dao_random_bytes",
                "dao_size_product_overflow",
                "milk_trunc_in_data",
                "milk_random_bytes",
                "milk_empty"
            })
    void shouldRejectAmbiguousDamage(String name) throws IOException {
        Golden golden = Golden.named("corrupt", name);
        Path path = golden.copyTo(scratch.stream("hopeless"));

        IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> StreamRepair.apply(path));

        assertFalse(refusal.getMessage().contains("needs no repair"), refusal.getMessage());
        assertArrayEquals(golden.bytes(), Files.readAllBytes(path));
        assertEquals(List.of(), scratch.stillOpen());
    }

    @Test
    void shouldRejectARingWithSeveralDamagedHeaders() throws IOException {
        Path path = Golden.named("dao", "fifo4_6frames_uint16").copyTo(scratch.stream("ring"));
        setWord(path, FIFO_SIZE, 0);
        setWord(path, 4304 + 96, 99);

        assertThrows(IncompatibleException.class, () -> StreamRepair.apply(path));
    }

    @Test
    void shouldNotRepairAStreamThatIsBeingWritten() throws IOException {
        Path path = scratch.stream("busy");
        StreamSpec spec = StreamSpec.dao(DataType.UINT8, Shape.of(2, 2));
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[4]));
            assertThrows(BusyException.class, () -> StreamRepair.apply(path));
        }
        assertThrows(NotFoundException.class, () -> StreamRepair.apply(scratch.stream("absent")));
    }

    @Test
    void shouldNotDisturbReadersOfARepairedStream() throws IOException {
        Path path = Golden.named("corrupt", "dao_fifo_last_out_of_range").copyTo(scratch.stream("kept"));
        setWord(path, FIFO_SIZE, 0);
        setWord(path, FIFO_LAST_WRITTEN, 7);
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(2, StreamRepair.apply(path).words().size());

            assertEquals(Verdict.FRESH, reader.newest());
            assertTrue(reader.validate());
        }
    }

    /** For any header, the result is a repair that yields a valid stream, or an exception. */
    @Test
    void shouldYieldAValidStreamOrAnExceptionForAnyHeader() throws IOException {
        Random random = new Random(2026);
        byte[] valid = Golden.named("dao", "fifo4_6frames_uint16").bytes();
        Path path = scratch.stream("noise");
        int repaired = 0;
        for (int round = 0; round < 600; round++) {
            byte[] bytes = valid.clone();
            for (int i = 0; i < 8; i++) {
                bytes[FIFO_SIZE + i] = (byte) random.nextInt(256);
            }
            if (round % 2 == 0) {
                bytes[80 + random.nextInt(100)] = (byte) random.nextInt(256);
                bytes[4304 * (1 + random.nextInt(3)) + 80 + random.nextInt(30)] = (byte) random.nextInt(256);
            }
            Files.write(path, bytes);
            try {
                StreamRepair.apply(path);
                ImageStream.open(path, Access.READ_ONLY).close();
                repaired++;
            } catch (IncompatibleException e) {
                assertArrayEquals(bytes, Files.readAllBytes(path));
            }
        }
        assertTrue(repaired >= 300 && repaired < 600, "repaired " + repaired);
        assertEquals(List.of(), scratch.stillOpen());
    }

    @Test
    void shouldRejectAFrameLargerThanAnyFile() throws IOException {
        byte[] bytes = Golden.named("corrupt", "dao_fifo_size_0").bytes();
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(84, 0x7fffffff)
                .putInt(88, 0x20000000)
                .putLong(96, 0x7fffffffL * 0x20000000L)
                .put(104, (byte) 3);
        Path path = Files.write(scratch.stream("huge"), bytes);

        assertThrows(IncompatibleException.class, () -> StreamRepair.plan(path));
    }
}
