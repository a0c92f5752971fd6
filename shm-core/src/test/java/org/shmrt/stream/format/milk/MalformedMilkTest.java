package org.shmrt.stream.format.milk;

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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** Malformed milk files are rejected with a message or used safely. */
@Timeout(600)
class MalformedMilkTest {
    private static final int ROUNDS = 25;
    private static final long MS = 1_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    static Stream<Golden> files() {
        return Golden.of("milk");
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldSurviveAnyDamage(Golden golden) throws IOException {
        Random random = new Random(golden.name().hashCode());
        byte[] sound = golden.bytes();
        Path path = scratch.stream("damaged");
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = sound.clone();
            int words = 1 + random.nextInt(3);
            for (int i = 0; i < words; i++) {
                int at = round % 2 == 0 ? random.nextInt(340) : random.nextInt(damaged.length);
                damaged[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : -1);
            }
            boolean cut = random.nextInt(10) == 0;
            Files.write(path, cut ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged);

            read(path);
            write(path);
        }
        assertEquals(List.of(), scratch.stillOpen());
    }

    /** Reads everything there is in a stream, which may be refused with a message. */
    static void read(Path path) {
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            stream.status();
            stream.keywords();
            stream.traces();
            reader.awaitNext(0);
            reader.copyTo(MemorySegment.ofArray(new byte[(int) stream.layout().frameBytes()]));
            StreamInfo.of(path).warnings();
        } catch (IncompatibleException e) {
            assertFalse(e.getMessage().isEmpty());
        }
    }

    private static void write(Path path) {
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            MemorySegment frame =
                    MemorySegment.ofArray(new byte[(int) stream.layout().frameBytes()]);
            writer.write(frame);
            if (stream.layout().cube() != null) {
                writer.writeSlice(MemorySegment.ofArray(
                        new byte[(int) stream.layout().cube().sliceBytes()]));
            }
            try (FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                writer.tracedTo(reader);
                writer.write(frame);
                assertTrue(reader.awaitNext(100 * MS).hasFrame());
            }
        } catch (ShmException e) {
            assertFalse(e.getMessage().isEmpty());
        }
    }

    @Test
    void shouldRejectAVersionWithALineEndInOneLine() throws IOException {
        byte[] damaged = Golden.named("milk", "c_2d_never_updated_uint16").bytes();
        damaged[4] = '\n';
        Path path = scratch.stream("lineend");
        Files.write(path, damaged);

        IncompatibleException refused = assertThrows(IncompatibleException.class, () -> ImageStream.open(path));
        assertTrue(refused.getMessage().contains("'2.00\\u000a', not 2.00"), refused.getMessage());
    }

    /** In the C library, posting such a semaphore with a waiter crashes the process or never returns. */
    @ParameterizedTest
    @ValueSource(ints = {1, 77, 127, 129, 255, -1, Integer.MIN_VALUE})
    void shouldNotUseADamagedSemaphore(int sharedWord) throws IOException {
        Golden golden = Golden.named("milk", "c_2d_never_updated_uint16");
        byte[] damaged = golden.bytes();
        ByteBuffer words = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
        int semaphores = (int) golden.number("layout", "semaphores");
        for (int i : new int[] {9, 4, 10}) { // 10 is the log semaphore
            words.putInt(semaphores + 32 * i + 4, 1).putInt(semaphores + 32 * i + 8, sharedWord);
        }
        Path path = Files.write(scratch.stream("damaged"), damaged);
        MemorySegment frame = MemorySegment.ofArray(new byte[24]);
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            assertEquals(8, reader.semaphoreIndex(), "9 is damaged");
            IncompatibleException refusal =
                    assertThrows(IncompatibleException.class, () -> stream.reader(WaitStrategy.semaphore(4)));
            assertTrue(refusal.getMessage().contains("semaphore 4"), refusal.getMessage());

            assertEquals(1, writer.write(frame));

            assertEquals(Verdict.FRESH, reader.awaitNext(1000 * MS));
            assertEquals(0, StreamInfo.of(path).semaphores().get(9).value());
            assertEquals(1, StreamInfo.of(path).semaphores().get(5).value());
            assertEquals(
                    2,
                    StreamInfo.of(path).warnings().stream()
                            .filter(f -> f.contains("is damaged"))
                            .count());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void shouldNotPostASemaphoreOfAnImpossibleValue(int value) throws IOException {
        Golden golden = Golden.named("milk", "c_2d_never_updated_uint16");
        byte[] damaged = golden.bytes();
        int semaphore = (int) golden.number("layout", "semaphores") + 32 * 3;
        ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putInt(semaphore, value);
        Path path = Files.write(scratch.stream("damaged"), damaged);
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[24]));

            assertEquals(value, StreamInfo.of(path).semaphores().get(3).value());
            assertTrue(StreamInfo.of(path).warnings().stream()
                    .anyMatch(f -> f.contains("has value " + Integer.toUnsignedString(value))));
        }
    }

    @Test
    void shouldReportAGpuStreamAndNotReadItsPixels() throws IOException {
        Golden golden = Golden.named("milk", "c_2d_uint8");
        byte[] inMemory = golden.bytes();
        byte[] onGpu = new byte[inMemory.length - 16];
        System.arraycopy(inMemory, 0, onGpu, 0, 384);
        System.arraycopy(inMemory, 400, onGpu, 384, inMemory.length - 400);
        onGpu[MilkDescriptor.LOCATION] = 2;
        Path path = Files.write(scratch.stream("gpu"), onGpu);

        StreamInfo info = StreamInfo.of(path);

        assertEquals(golden.type(), info.layout().type());
        assertEquals(1, info.status().cnt0());
        assertEquals(10, info.semaphores().size());
        assertTrue(info.warnings()
                .contains("cannot be opened: its pixels are in the memory of GPU 2, which ShmRT cannot read"));
        for (Access access : Access.values()) {
            IncompatibleException refusal =
                    assertThrows(IncompatibleException.class, () -> ImageStream.open(path, access));
            assertTrue(refusal.getMessage().contains("memory of GPU 2"), refusal.getMessage());
        }
        assertEquals(List.of(), scratch.stillOpen());
    }
}
