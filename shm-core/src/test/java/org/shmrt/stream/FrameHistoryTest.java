package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.engine.HeaderWords;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Golden;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** The newest frames as one array: from a ring of slots, a circular buffer or the slices of a rolling cube. */
@Timeout(600)
class FrameHistoryTest {
    private static final long SECOND = 1_000_000_000L;
    /** A writer that has no processor in the middle of a frame keeps all frames of a milk stream from its readers. */
    private static final long LONG = 60 * SECOND;

    private static final Shape FRAME = Shape.of(8, 16);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final RampFrames ramp = new RampFrames(FRAME.elementCount());
    private final long frameBytes = FRAME.byteSize(DataType.UINT16);

    static Stream<StreamSpec> keepingFour() {
        return Stream.of(
                StreamSpec.dao(DataType.UINT16, FRAME).withDepth(4),
                StreamSpec.milk(DataType.UINT16, FRAME).withCircularBuffer(4),
                StreamSpec.milk(DataType.UINT16, Shape.of(4, 8, 16)).asRollingCube());
    }

    private long write(FrameWriter writer, StreamSpec spec, long count) {
        return spec.rolling() ? writer.writeSlice(ramp.of(count)) : writer.write(ramp.of(count));
    }

    @Test
    void shouldReadACounterAsUnsigned() {
        Path path = scratch.stream("huge");
        try (ImageStream stream =
                ImageStream.create(path, StreamSpec.dao(DataType.UINT16, FRAME).withDepth(4))) {
            StreamLayout layout = stream.layout();
            long newest = 0x8000_0000_7fff_fffdL; // the lower half alone would mean two billion frames
            int last = new SlotHeaders(stream.mapped().segment(), layout, 0).newestSlotAcquire();
            for (int back = 0; back < 4; back++) {
                HeaderWords.longPlain(
                        stream.mapped().segment(),
                        layout.headerOffset(Math.floorMod(last - back, 4)) + layout.cnt0Offset(),
                        newest - back);
            }
            FrameHistory past = stream.history();

            assertEquals(Verdict.FRESH, past.read(MemorySegment.ofArray(new byte[4 * (int) frameBytes]), SECOND));

            assertEquals(4, past.length());
            assertEquals(newest, past.count(3));
        }
    }

    @ParameterizedTest
    @MethodSource("keepingFour")
    void shouldReadTheNewestFramesOldestFirst(StreamSpec spec) {
        Path path = scratch.stream("past");
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer();
                ImageStream viewer = ImageStream.open(path, Access.READ_ONLY)) {
            FrameHistory past = viewer.history();
            MemorySegment three = MemorySegment.ofArray(new short[3 * (int) FRAME.elementCount()]);
            assertEquals(4, past.capacity());
            assertEquals(frameBytes, past.frameBytes());
            assertEquals(Verdict.FRESH, past.read(three, SECOND));
            assertEquals(0, past.length(), "no frame was written yet");

            for (long count = 1; count <= 11; count++) {
                assertEquals(count, write(writer, spec, count));
                assertEquals(Verdict.FRESH, past.read(three, SECOND));
                assertEquals(Math.min(3, count), past.length());
                for (int i = 0; i < past.length(); i++) {
                    assertEquals(count - past.length() + 1 + i, past.count(i));
                    assertTrue(ramp.isWhole(three.asSlice(i * frameBytes, frameBytes), past.count(i)));
                    assertTrue(past.acquiredNs(i) > 0);
                }
            }
        }
    }

    /** An implausible counter, whose lower half would mean two billion frames. */
    @ParameterizedTest
    @MethodSource("keepingFour")
    void shouldReturnNoFramesForACounterThatAPeerCorrupted(StreamSpec spec) {
        try (ImageStream stream = ImageStream.create(scratch.stream("past"), spec);
                FrameWriter writer = stream.writer()) {
            write(writer, spec, 1);
            SlotHeaders headers = stream.mapped().headers(stream.mapped().segment());
            headers.countRelease(headers.newestSlotAcquire(), Long.MIN_VALUE + Integer.MAX_VALUE);
            FrameHistory past = stream.history();
            MemorySegment nine = MemorySegment.ofArray(new short[9 * (int) FRAME.elementCount()]);

            Verdict verdict = past.read(nine, SECOND / 100);

            assertTrue(verdict == Verdict.FRESH || verdict == Verdict.TIMED_OUT, verdict.toString());
            assertTrue(past.length() <= 4, "the stream keeps four frames, not " + past.length());
        }
    }

    @ParameterizedTest
    @MethodSource("keepingFour")
    void shouldReadAllFramesThatTheStreamKeeps(StreamSpec spec) {
        try (ImageStream stream = ImageStream.create(scratch.stream("past"), spec);
                FrameWriter writer = stream.writer()) {
            MemorySegment nine = MemorySegment.ofArray(new short[9 * (int) FRAME.elementCount()]);
            for (long count = 1; count <= 6; count++) {
                write(writer, spec, count);
            }
            FrameHistory past = stream.history();

            assertEquals(Verdict.FRESH, past.read(nine, SECOND));

            assertEquals(4, past.length());
            assertEquals(3, past.count(0));
            assertEquals(6, past.count(3));
            assertTrue(ramp.isWhole(nine.asSlice(0, frameBytes), 3));
            assertThrows(IndexOutOfBoundsException.class, () -> past.count(4));
        }
    }

    @ParameterizedTest
    @MethodSource("keepingFour")
    void shouldOmitTheFrameThatIsBeingOverwritten(StreamSpec spec) {
        try (ImageStream stream = ImageStream.create(scratch.stream("past"), spec);
                FrameWriter writer = stream.writer()) {
            MemorySegment four = MemorySegment.ofArray(new short[4 * (int) FRAME.elementCount()]);
            for (long count = 1; count <= 5; count++) {
                write(writer, spec, count);
            }
            FrameHistory past = stream.history();
            if (!spec.format().equals("dao")) {
                writer.claim();
                assertEquals(Verdict.TIMED_OUT, past.read(four, 1_000_000L), "the flag covers all frames");
                writer.publish();
                return;
            }
            writer.claim();

            assertEquals(Verdict.FRESH, past.read(four, SECOND));

            assertEquals(3, past.length());
            assertEquals(3, past.count(0));
            assertTrue(ramp.isWhole(four.asSlice(0, frameBytes), 3));
        }
    }

    @ParameterizedTest
    @MethodSource("keepingFour")
    void shouldNeverReturnATornFrameWhileTheWriterRuns(StreamSpec spec) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Path path = scratch.stream("past");
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            FutureTask<Long> writing = new FutureTask<>(() -> {
                long count = 0;
                while (!stop.get()) {
                    count = write(writer, spec, count + 1);
                }
                return count;
            });
            Thread.ofPlatform().daemon().start(writing);
            FrameHistory past = stream.history();
            MemorySegment four = MemorySegment.ofArray(new short[4 * (int) FRAME.elementCount()]);
            long frames = 0;
            long last = 0;
            for (int i = 0; i < 20_000 || frames < 1_000; i++) {
                Verdict verdict = past.read(four, LONG);
                assertEquals(Verdict.FRESH, verdict);
                for (int k = 0; k < past.length(); k++) {
                    assertTrue(ramp.isWhole(four.asSlice(k * frameBytes, frameBytes), past.count(k)));
                    frames++;
                }
                if (past.length() > 0) {
                    assertTrue(past.count(past.length() - 1) >= last);
                    last = past.count(past.length() - 1);
                }
            }
            stop.set(true);
            assertTrue(writing.get() > 0);
            assertTrue(frames > 0);
        }
    }

    @ParameterizedTest
    @MethodSource("keepingFour")
    void shouldFindTheNewestFramesInPlaceAndSayWhichWereOverwritten(StreamSpec spec) {
        Path path = scratch.stream("past");
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            ImageStream viewer = ImageStream.open(path, Access.READ_ONLY);
            FrameHistory past = viewer.history();
            assertEquals(Verdict.FRESH, past.find(4, SECOND));
            assertEquals(0, past.length(), "no frame was written yet");
            for (long count = 1; count <= 11; count++) {
                write(writer, spec, count);
            }

            assertEquals(Verdict.FRESH, past.find(4, SECOND));
            assertEquals(4, past.length());
            MemorySegment oldest = past.frame(0);
            assertTrue(oldest.isReadOnly());
            for (int i = 0; i < 4; i++) {
                assertEquals(8 + i, past.count(i));
                assertTrue(past.acquiredNs(i) > 0);
                assertTrue(ramp.isWhole(past.frame(i), 8 + i));
                assertTrue(past.isWhole(i));
            }

            write(writer, spec, 12);
            assertFalse(past.isWhole(0));
            assertTrue(ramp.isWhole(oldest, 12), "frame 12 has the place of frame 8");
            assertTrue(past.isWhole(1) && past.isWhole(3));

            assertEquals(Verdict.FRESH, past.find(2, SECOND));
            assertEquals(2, past.length());
            assertEquals(11, past.count(0));
            assertTrue(ramp.isWhole(past.frame(1), 12));
            assertThrows(IndexOutOfBoundsException.class, () -> past.frame(2));
            assertThrows(IllegalArgumentException.class, () -> past.find(0, SECOND));

            viewer.close();
            assertFalse(past.isWhole(0));
            assertEquals(Verdict.CLOSED, past.find(2, SECOND));
        }
    }

    @ParameterizedTest
    @MethodSource("keepingFour")
    void shouldNeverCallATornFrameInPlaceWhole(StreamSpec spec) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (ImageStream stream = ImageStream.create(scratch.stream("past"), spec);
                FrameWriter writer = stream.writer()) {
            FutureTask<Long> writing = new FutureTask<>(() -> {
                long count = 0;
                while (!stop.get()) {
                    count = write(writer, spec, count + 1);
                }
                return count;
            });
            Thread.ofPlatform().daemon().start(writing);
            FrameHistory past = stream.history();
            long whole = 0;
            for (int i = 0; i < 20_000 || whole < 100; i++) {
                assertEquals(Verdict.FRESH, past.find(4, LONG));
                for (int k = past.length() - 1; k >= 0; k--) {
                    boolean intact = ramp.isWhole(past.frame(k), past.count(k));
                    if (past.isWhole(k)) {
                        assertTrue(intact);
                        whole++;
                    }
                }
            }
            stop.set(true);
            assertTrue(writing.get() > 0);
        }
    }

    static Stream<Arguments> goldenBuffers() {
        return Stream.of(
                Arguments.of("cb1_2d_float32_3updates", 1),
                Arguments.of("cb3_2d_float32_7updates", 3),
                Arguments.of("cb4_2d_float32_2updates", 2));
    }

    @ParameterizedTest
    @MethodSource("goldenBuffers")
    void shouldReadABufferFilledByMilksLibrary(String name, int frames) {
        Golden golden = Golden.named("milk", name);
        Path path = golden.copyTo(scratch.stream(name));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            FrameHistory past = stream.history();
            float[] pixels = new float[past.capacity() * 12];

            assertEquals(Verdict.FRESH, past.read(MemorySegment.ofArray(pixels), SECOND));

            assertEquals(frames, past.length());
            for (int i = 0; i < frames; i++) {
                long frame = golden.number("metadata", "cnt0") - frames + 1 + i;
                assertEquals(frame, past.count(i));
                for (int p = 0; p < 12; p++) {
                    assertEquals(1000f * frame + p, pixels[i * 12 + p]);
                }
                assertEquals(0, past.acquiredNs(i), "the library does not fill the times");
            }
        }
    }

    @Test
    void shouldReadTheSlicesOfACubeFilledByMilksLibrary() {
        Golden golden = Golden.named("milk", "circ3d_arrays_float32_7slices");
        try (ImageStream stream = ImageStream.open(golden.copyTo(scratch.stream("cube")), Access.READ_ONLY)) {
            FrameHistory past = stream.history();
            float[] pixels = new float[5 * 12];

            assertEquals(Verdict.FRESH, past.read(MemorySegment.ofArray(pixels), SECOND));

            assertEquals(5, past.length());
            for (int i = 0; i < 5; i++) {
                assertEquals(3 + i, past.count(i));
                assertEquals(100f * (3 + i), pixels[i * 12]);
                assertEquals((2002 + i) * SECOND + 4 + 2L * i, past.acquiredNs(i));
            }
        }
    }

    @Test
    void shouldReportWhyThereIsNoHistory() {
        StreamSpec spec = StreamSpec.dao(DataType.UINT16, FRAME).withDepth(2);
        ImageStream stream = ImageStream.create(scratch.stream("past"), spec);
        FrameHistory past = stream.history();
        MemorySegment one = MemorySegment.ofArray(new short[(int) FRAME.elementCount()]);
        assertThrows(IllegalArgumentException.class, () -> past.read(one.asSlice(2), SECOND));
        assertThrows(IllegalArgumentException.class, () -> past.read(one.asSlice(0, 0), SECOND));
        assertFalse(past.read(one, 0) == Verdict.CLOSED);

        stream.close();

        assertEquals(Verdict.CLOSED, past.read(one, SECOND));
        assertEquals(0, past.length());
    }
}
