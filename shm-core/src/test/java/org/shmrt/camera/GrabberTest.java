package org.shmrt.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.Allocation;
import org.shmrt.testing.Scratch;

/** The grabber with simulated and scripted sources. */
@Timeout(600)
class GrabberTest {
    private static final Shape SHAPE = Shape.of(4, 6);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    /** Delivers what a test tells it to. */
    private static final class Script implements FrameSource {
        private final Deque<String> steps = new ArrayDeque<>();
        private final FrameFormat format;
        private final List<Long> addresses = new ArrayList<>();
        private final AtomicLong lost = new AtomicLong();
        private final AtomicLong damaged = new AtomicLong();
        private volatile boolean closed;

        Script(FrameFormat format, String... steps) {
            this.format = format;
            this.steps.addAll(List.of(steps));
        }

        @Override
        public FrameFormat format() {
            return format;
        }

        @Override
        public Arrival read(FrameTarget target, long timeoutNs) {
            if (closed || steps.isEmpty()) {
                return Arrival.ENDED;
            }
            String[] step = steps.remove().split(" ");
            return switch (step[0]) {
                case "frame" -> {
                    MemorySegment pixels = target.pixels();
                    addresses.add(pixels.address());
                    pixels.fill(Byte.parseByte(step[1]));
                    target.frameId(Long.parseLong(step[1]));
                    if (step.length > 2) {
                        target.acquiredNs(Long.parseLong(step[2]));
                    }
                    yield Arrival.FRAME;
                }
                case "part" -> {
                    target.pixels().fill((byte) 99);
                    yield Arrival.TIMED_OUT;
                }
                case "damaged" -> {
                    target.pixels().fill((byte) 77);
                    lost.incrementAndGet();
                    damaged.incrementAndGet();
                    yield Arrival.DAMAGED;
                }
                case "missing" -> {
                    lost.addAndGet(Long.parseLong(step[1]));
                    yield Arrival.TIMED_OUT;
                }
                default -> throw new IncompatibleException("scripted failure");
            };
        }

        @Override
        public long lost() {
            return lost.get();
        }

        @Override
        public long damaged() {
            return damaged.get();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static FrameFormat bytes() {
        return FrameFormat.mono(DataType.UINT8, SHAPE);
    }

    private ImageStream create(String format, FrameFormat frames, int depth) {
        return Grabber.createOrOpen(scratch.stream("cam"), Grabber.spec(format, frames, depth));
    }

    private static MemorySegment newest(ImageStream stream) {
        MemorySegment frame = Arena.ofAuto().allocate(stream.shape().byteSize(stream.type()), 8);
        try (FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertTrue(reader.readNewest(frame, 60_000_000_000L).hasFrame());
        }
        return frame;
    }

    @ParameterizedTest
    @CsvSource({"dao, 4", "dao, 1", "milk, 1", "milk, 3"})
    void shouldPublishWholeFramesOnlyAndCountTheRest(String format, int depth) {
        try (Script camera = new Script(
                        bytes(),
                        "frame 1",
                        "damaged",
                        "missing 2",
                        "part",
                        "part",
                        "frame 5 1600000000123456789",
                        "damaged");
                ImageStream stream = create(format, bytes(), depth);
                Grabber grabber = new Grabber(camera, stream)) {
            assertFalse(grabber.run(10));

            Grabber.Counts counts = grabber.counts();
            assertEquals(2, counts.published());
            assertEquals(4, counts.lost());
            assertEquals(2, counts.damaged());
            assertEquals(2, stream.status().cnt0());
            assertEquals(5, stream.status().cnt2());
            assertEquals(
                    1_600_000_000_123_456_789L + stream.layout().clock().offsetNs(),
                    stream.status().acquiredNs());
            if (depth == 1 || format.equals("milk")) {
                assertEquals(5, newest(stream).get(ValueLayout.JAVA_BYTE, 23)); // not hidden by the damaged frame
            }
            grabber.storeKeywords();
            assertEquals(4L, stream.keywordTable().find("LOST").orElseThrow().value());
            assertEquals(2L, stream.keywordTable().find("DAMAGED").orElseThrow().value());
            assertEquals(
                    "mono", stream.keywordTable().find("PIXELS").orElseThrow().value());
        }
    }

    @Test
    void shouldWriteInPlaceInEachSlotInTurn() {
        try (Script camera = new Script(bytes(), "frame 1", "frame 2", "frame 3", "frame 4", "frame 5");
                ImageStream stream = create("dao", bytes(), 4);
                Grabber grabber = new Grabber(camera, stream)) {
            assertTrue(grabber.run(5));

            assertEquals(4, camera.addresses.stream().distinct().count());
            assertEquals(camera.addresses.get(0), camera.addresses.get(4));
            assertEquals(5, newest(stream).get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @Test
    void shouldReleaseTheWriterAfterAFailureOfTheSource() {
        try (Script camera = new Script(bytes(), "frame 1", "part", "failure");
                ImageStream stream = create("dao", bytes(), 2)) {
            try (Grabber grabber = new Grabber(camera, stream)) {
                assertThrows(IncompatibleException.class, () -> grabber.run(5));
                assertThrows(BusyException.class, () -> new Grabber(camera, stream));
                assertEquals(1, grabber.counts().published());
            }
            stream.writer().close();
        }
    }

    @Test
    void shouldUseAStreamThatFitsAndRefuseAnother() {
        FrameFormat frames = bytes();
        create("dao", frames, 3).close();

        try (ImageStream again = create("dao", frames, 9)) {
            assertEquals(3, again.layout().depth());
        }
        assertThrows(IncompatibleException.class, () -> create("milk", frames, 1));
        FrameFormat other = FrameFormat.mono(DataType.UINT8, Shape.of(6, 4));
        IncompatibleException failure = assertThrows(IncompatibleException.class, () -> create("dao", other, 3));
        assertTrue(failure.getMessage().contains("4x6 uint8, but the source sends 6x4 uint8"), failure.getMessage());
        try (ImageStream replaced = Grabber.createOrOpen(
                scratch.stream("cam"), Grabber.spec("dao", other, 2).replacingExisting())) {
            assertEquals(2, replaced.layout().depth());
        }
    }

    @Test
    void shouldStoreTheFormatInKeywords() {
        FrameFormat colour = new FrameFormat(
                DataType.UINT16, Shape.of(3, 4, 6), FrameFormat.Pixels.RGB_PLANAR, 12, OptionalDouble.of(25));
        try (Script camera = new Script(colour);
                ImageStream stream = create("milk", colour, 1);
                Grabber grabber = new Grabber(camera, stream)) {
            assertEquals(
                    List.of("PIXELS=rgb planar", "RATE=25.0", "BITS=12", "LOST=0", "DAMAGED=0"),
                    stream.keywords().stream()
                            .map((Keyword keyword) -> keyword.name() + "=" + keyword.value())
                            .toList());
            assertEquals(0, grabber.counts().published());
        }
    }

    @Test
    void shouldRefuseFormatsWhoseShapeIsNotThatOfTheirPixels() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new FrameFormat(
                        DataType.UINT8, Shape.of(4, 6), FrameFormat.Pixels.RGB, 8, OptionalDouble.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new FrameFormat(
                        DataType.UINT8, Shape.of(4, 6, 3), FrameFormat.Pixels.RGB_PLANAR, 8, OptionalDouble.empty()));
    }

    @Test
    void shouldNameTheSchemesIfASourceHasAnother() {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> FrameSource.open("nosuch:1", SourceOptions.NONE));
        assertTrue(failure.getMessage().contains("sim:"), failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> FrameSource.open("sim:nosuch", SourceOptions.NONE));
        SourceOptions odd = new SourceOptions(
                Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalDouble.empty(), Map.of("gain", "3"));
        IllegalArgumentException setting =
                assertThrows(IllegalArgumentException.class, () -> FrameSource.open("sim:ramp", odd));
        assertTrue(setting.getMessage().contains("no setting 'gain'"), setting.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"UINT8, dao", "UINT16, dao", "FLOAT32, milk", "INT64, dao"})
    void shouldProveOrderAndContentByTheRamp(DataType type, String format) {
        SourceOptions options = new SourceOptions(
                Optional.of(Shape.of(300, 300)),
                Optional.of(type),
                OptionalLong.empty(),
                OptionalDouble.of(5000),
                Map.of());
        try (FrameSource camera = FrameSource.open("sim:ramp", options);
                ImageStream stream = create(format, camera.format(), 2);
                Grabber grabber = new Grabber(camera, stream)) {
            assertTrue(grabber.run(7));

            MemorySegment frame = newest(stream);
            assertEquals(6, stream.status().cnt2());
            for (long i = 0; i < 90_000; i += 997) {
                long expected = (6 + i) % 65536;
                double found = switch (type) {
                    case UINT8 -> frame.get(ValueLayout.JAVA_BYTE, i) & 0xff;
                    case UINT16 -> frame.get(ValueLayout.JAVA_SHORT, 2 * i) & 0xffff;
                    case FLOAT32 -> frame.get(ValueLayout.JAVA_FLOAT, 4 * i);
                    default -> frame.get(ValueLayout.JAVA_LONG, 8 * i);
                };
                assertEquals((double) (type == DataType.UINT8 ? expected & 0xff : expected), found);
            }
        }
    }

    @Test
    void shouldHoldTheRateOfASimulatedCamera() {
        SourceOptions options = new SourceOptions(
                Optional.of(SHAPE), Optional.empty(), OptionalLong.empty(), OptionalDouble.of(1000), Map.of());
        long startNs = System.nanoTime();
        try (FrameSource camera = FrameSource.open("sim:noise", options);
                ImageStream stream = create("dao", camera.format(), 2);
                Grabber grabber = new Grabber(camera, stream)) {
            assertTrue(grabber.run(1001));

            Grabber.Counts counts = grabber.counts();
            // frame 1000 is never early, whatever the machine does; the first one may be late
            assertTrue(counts.lastPublishedNs() - startNs >= 1_000_000_000L, counts.toString());
            assertEquals(0, counts.lost());
        }
    }

    @Test
    @SuppressWarnings("try") // closed while another thread grabs
    void shouldStopFromAnotherThread() throws InterruptedException {
        try (FrameSource camera = FrameSource.open("sim:spots", SourceOptions.NONE);
                ImageStream stream = create("dao", camera.format(), 3);
                Grabber grabber = new Grabber(camera, stream)) {
            Thread thread = Thread.ofPlatform().start(() -> grabber.run(Long.MAX_VALUE));
            while (grabber.counts().published() < 5) {
                Thread.onSpinWait();
            }

            grabber.close();
            thread.join();

            assertEquals(grabber.counts().published(), stream.status().cnt0());
            assertFalse(grabber.run(1));
            stream.writer().close(); // released
        }
    }

    @Test
    void shouldNotAllocateForAFrame() {
        SourceOptions options = new SourceOptions(
                Optional.of(SHAPE), Optional.empty(), OptionalLong.empty(), OptionalDouble.of(1e6), Map.of());
        try (FrameSource camera = FrameSource.open("sim:ramp", options);
                ImageStream stream = create("dao", camera.format(), 4);
                Grabber grabber = new Grabber(camera, stream)) {
            assertTrue(grabber.run(20_000));
            long least = Allocation.leastBytes(2000, () -> assertTrue(grabber.run(2000)));
            assertTrue(least < 2000, least + " bytes for 2000 frames");
        }
    }

    @Test
    void shouldRefuseAStreamThatIsOpenForReadingOnly() {
        create("dao", bytes(), 2).close();
        try (Script camera = new Script(bytes());
                ImageStream stream = ImageStream.open(scratch.stream("cam"), Access.READ_ONLY)) {
            assertThrows(AccessDeniedException.class, () -> new Grabber(camera, stream));
        }
    }
}
