package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.CircularLayout;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.format.WriteHistoryLayout;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** Features that only milk streams have. */
@Timeout(600)
class MilkFeaturesTest {
    private static final int OWN_PID = (int) ProcessHandle.current().pid();
    private static final long SECOND = 1_000_000_000L;
    private static final StreamSpec SPEC = StreamSpec.milk(DataType.UINT8, Shape.of(2, 2));
    private static final StreamSpec CUBE =
            StreamSpec.milk(DataType.UINT8, Shape.of(3, 2, 2)).asRollingCube();

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path path;

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
    }

    private static MemorySegment frame(int value) {
        return MemorySegment.ofArray(new byte[4]).fill((byte) value);
    }

    private ByteBuffer file() throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void poke(Path file, long at, long value, int bytes) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, value)
                .limit(bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(word, at);
        }
    }

    @Test
    void shouldPostNoSemaphoreAboveTen() throws IOException {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer()) {
            for (int i = 1; i <= 15; i++) {
                writer.write(frame(i));
            }

            assertEquals(
                    Collections.nCopies(10, 10),
                    StreamInfo.of(path).semaphores().stream()
                            .map(SemaphoreState::value)
                            .toList());
            assertEquals(10, file().getInt((int) stream.layout().semaphores().logOffset()));
        }
    }

    @Test
    void shouldStoreThePosterOnlyOfSemaphoresItPosted() throws IOException {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer()) {
            poke(path, stream.layout().semaphores().offset() + 3 * 32, 10, 4);
            poke(path, stream.layout().semaphores().writerPidOffset() + 3 * 4, 4711, 4);

            writer.write(frame(1));

            List<SemaphoreState> states = StreamInfo.of(path).semaphores();
            assertEquals(4711, states.get(3).writerPid());
            assertEquals(OWN_PID, states.get(2).writerPid());
        }
    }

    @Test
    void shouldWriteTheSlicesOfACubeCyclically() throws IOException {
        try (ImageStream stream = ImageStream.create(path, CUBE);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            for (int count = 1; count <= 7; count++) {
                long at = 1_700_000_000L * SECOND + count;
                writer.claimSlice().fill((byte) count);
                assertEquals(count, writer.publish(at));

                assertEquals(Verdict.FRESH, reader.awaitNext(0));
                assertEquals(count % 3, reader.cnt1());
                assertEquals(count, reader.frame().get(ValueLayout.JAVA_BYTE, count % 3 * 4L));
                ByteBuffer file = file();
                assertEquals(count, file.getLong((int) stream.layout().cube().countOffset() + 8 * (count % 3)));
                assertEquals(
                        count,
                        file.getLong((int) stream.layout().cube().acquired().offset() + 16 * (count % 3) + 8));
                assertTrue(file.getLong((int) stream.layout().cube().written().offset() + 16 * (count % 3)) > 0);
            }
            assertEquals(
                    -1,
                    MemorySegment.ofArray(new byte[] {6, 6, 6, 6, 7, 7, 7, 7, 5, 5, 5, 5})
                            .mismatch(reader.frame()));
        }
    }

    /** pyMilk counts its frames in cnt1, without bound. */
    @ParameterizedTest
    @ValueSource(longs = {3, 1_000_000_007L, Long.MAX_VALUE, -1, -2})
    void shouldReduceTheSliceNumberModuloTheSlices(long cnt1) throws IOException {
        ImageStream.create(path, CUBE).close();
        poke(path, MilkDescriptor.CNT1, cnt1, 8);
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            writer.writeSlice(frame(9));

            assertEquals(Long.remainderUnsigned(cnt1 + 1, 3), stream.status().cnt1());
        }
    }

    @Test
    void shouldRejectSlicesWhereThereAreNone() {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer();
                ImageStream cube = ImageStream.create(scratch.stream("cube"), CUBE);
                FrameWriter slices = cube.writer()) {
            assertThrows(IllegalArgumentException.class, writer::claimSlice);
            assertThrows(IllegalArgumentException.class, () -> writer.writeSlice(frame(1)));
            assertThrows(IllegalArgumentException.class, () -> slices.writeSlice(MemorySegment.ofArray(new byte[12])));
            assertEquals(1, writer.write(frame(1)));
            assertEquals(1, slices.writeSlice(frame(1)));
        }
    }

    @Test
    void shouldKeepTheLastFramesInTheCircularBufferWithTheirRecords() throws IOException {
        try (ImageStream stream = ImageStream.create(path, SPEC.withCircularBuffer(3));
                FrameWriter writer = stream.writer()) {
            for (int count = 1; count <= 7; count++) {
                writer.claim().fill((byte) count);
                writer.publish(count * SECOND);
            }
            CircularLayout circular = stream.layout().circular();
            ByteBuffer file = file();
            assertEquals(1, file.getInt((int) circular.indexOffset()));
            assertEquals(2, file.getLong((int) circular.cycleOffset()));
            for (int slot = 0; slot < 3; slot++) {
                int count = slot == 2 ? 5 : 6 + slot;
                int record = (int) circular.recordsOffset() + slot * MilkRecords.CIRCULAR_BYTES;
                assertEquals(count, file.get((int) circular.dataOffset() + 4 * slot), "frame in slot " + slot);
                assertEquals(count, file.getLong(record), "cnt0 of slot " + slot);
                assertEquals(count, file.getLong(record + 16), "acquisition time of slot " + slot);
                assertTrue(file.getLong(record + 32) > 0, "write time of slot " + slot);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, Integer.MAX_VALUE, -1})
    void shouldReduceAForeignBufferIndexModuloTheSlots(int index) throws IOException {
        ImageStream.create(path, SPEC.withCircularBuffer(3)).close();
        poke(path, MilkDescriptor.CBINDEX, index, 4);
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            assertEquals(1, stream.layout().warnings().size());
            writer.write(frame(8));

            int slot = (Integer.remainderUnsigned(index, 3) + 1) % 3;
            assertEquals(slot, file().getInt(MilkDescriptor.CBINDEX));
            assertEquals(8, file().get((int) stream.layout().circular().dataOffset() + 4 * slot));
        }
    }

    @Test
    void shouldRecordTheLastHundredWrites() throws IOException {
        try (ImageStream stream = ImageStream.create(path, SPEC.withVariant("2.00-writehistory"));
                FrameWriter writer = stream.writer()) {
            for (int count = 1; count <= 205; count++) {
                writer.write(frame(count));
            }
            WriteHistoryLayout history = stream.layout().writeHistory();
            ByteBuffer file = file();
            assertEquals(5, file.getInt((int) history.indexOffset()));
            assertEquals(2, file.getLong((int) history.cycleOffset()));
            for (int slot = 0; slot < 100; slot++) {
                int record = (int) history.recordsOffset() + slot * MilkRecords.WRITE_BYTES;
                assertEquals(slot <= 5 ? 200 + slot : 100 + slot, file.getLong(record));
                assertEquals(OWN_PID, file.getInt(record + 8));
                assertTrue(file.getLong(record + 16) > 1_700_000_000L);
            }
        }
    }

    @Test
    void shouldTraceAFrameBackThroughAChainOfStreams() {
        try (ImageStream cam = ImageStream.create(path, SPEC);
                FrameWriter camera = cam.writer();
                ImageStream wfs = ImageStream.create(scratch.stream("wfs"), SPEC);
                FrameWriter sensor = wfs.writer();
                FrameReader fromCam = cam.reader(WaitStrategy.semaphore());
                ImageStream dm = ImageStream.create(scratch.stream("dm"), SPEC);
                FrameWriter mirror = dm.writer();
                FrameReader fromWfs = wfs.reader(WaitStrategy.spin())) {
            sensor.tracedTo(fromCam);
            mirror.tracedTo(fromWfs);
            for (int count = 1; count <= 3; count++) {
                camera.write(frame(count));
                assertEquals(Verdict.FRESH, fromCam.awaitNext(SECOND));
                sensor.write(fromCam.frame());
                assertEquals(Verdict.FRESH, fromWfs.awaitNext(SECOND));
                mirror.write(fromWfs.frame());
            }

            List<ProcessTrace> traces = dm.traces();
            assertEquals(List.of(), cam.traces());
            assertEquals(1, wfs.traces().size());
            assertEquals(2, traces.size());
            assertEquals(
                    List.of(wfs.status().storedInode(), cam.status().storedInode()),
                    traces.stream().map(ProcessTrace::triggerInode).toList());
            assertEquals(
                    List.of(-1, 9), traces.stream().map(ProcessTrace::semaphore).toList());
            assertEquals(
                    List.of(OWN_PID, OWN_PID),
                    traces.stream().map(ProcessTrace::pid).toList());
            assertEquals(
                    List.of(3L, 3L),
                    traces.stream().map(ProcessTrace::triggerCount).toList());
            assertEquals(wfs.traces().getFirst(), traces.get(1));
            assertTrue(traces.get(0).startedNs() >= traces.get(1).updatedNs());
            assertTrue(traces.get(0).updatedNs() >= traces.get(0).startedNs());
            assertEquals(dm.status().writtenNs(), traces.get(0).updatedNs());

            mirror.tracedTo(null);
            mirror.write(frame(4));
            assertEquals(traces, dm.traces(), "no longer traced");
        }
    }

    @Test
    void shouldKeepNoMoreThanTenTraces() {
        StreamSpec spec = SPEC.replacingExisting();
        try (ImageStream one = ImageStream.create(path, spec);
                FrameWriter first = one.writer();
                ImageStream two = ImageStream.create(scratch.stream("two"), spec);
                FrameWriter second = two.writer();
                FrameReader ofOne = one.reader(WaitStrategy.spin());
                FrameReader ofTwo = two.reader(WaitStrategy.spin())) {
            first.tracedTo(ofTwo);
            second.tracedTo(ofOne);
            for (int i = 0; i < 8; i++) {
                first.write(frame(i));
                ofOne.awaitNext(0);
                second.write(frame(i));
                ofTwo.awaitNext(0);
            }
            assertEquals(10, two.traces().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sem0_2d_uint8", "sem3_2d_uint8"})
    void shouldUseAsManySemaphoresAsTheStreamHas(String name) {
        Golden golden = Golden.named("milk", name);
        golden.copyTo(path);
        int semaphores = (int) golden.number("metadata", "sem");
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader spinning = stream.reader(WaitStrategy.spin())) {
            if (semaphores == 0) {
                ShmException refusal = assertThrows(ShmException.class, () -> stream.reader(WaitStrategy.semaphore()));
                assertTrue(refusal.getMessage().contains("wait by spin"), refusal.getMessage());
            } else {
                assertEquals(2, stream.reader(WaitStrategy.semaphore()).semaphoreIndex());
            }
            long frameBytes = stream.layout().frameBytes();
            writer.write(MemorySegment.ofArray(new byte[(int) frameBytes]));
            assertEquals(Verdict.FRESH, spinning.awaitNext(0));
        }
    }

    @Test
    void shouldStoreHalfFloats() {
        float[] values = {0, -0.0f, 1, -2.5f, 65504, 5.9604645e-8f, Float.POSITIVE_INFINITY, Float.NaN};
        short[] halves = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            halves[i] = Float.floatToFloat16(values[i]);
        }
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.FLOAT16, Shape.of(2, 4)));
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(halves));
        }
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(Verdict.FRESH, reader.newest());
            for (int i = 0; i < values.length; i++) {
                short half = reader.frame().getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i);
                assertEquals(Float.toString(values[i]), Float.toString(Float.float16ToFloat(half)));
            }
        }
    }

    @Test
    void shouldHandleAFrameOfMoreThanTwoGibibytes() throws IOException {
        Shape shape = Shape.of(2, (1L << 30) + 8);
        assumeRoomFor(shape.elementCount());
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.UINT8, shape));
                FrameWriter writer = stream.writer()) {
            assertTrue(stream.creationWarning().orElseThrow().contains("2 GiB"), stream.creationWarning()::toString);
            MemorySegment frame = writer.claim();
            frame.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
            frame.set(ValueLayout.JAVA_BYTE, shape.elementCount() - 1, (byte) 2);
            writer.publish();
        }
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            assertEquals(shape, stream.shape());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(shape.elementCount(), reader.frame().byteSize());
            assertEquals(1, reader.frame().get(ValueLayout.JAVA_BYTE, 0));
            assertEquals(2, reader.frame().get(ValueLayout.JAVA_BYTE, shape.elementCount() - 1));
            assertTrue(reader.validate());
        }
    }

    /** Creation reserves every byte, which is memory here. */
    private void assumeRoomFor(long bytes) throws IOException {
        long free = Files.getFileStore(scratch.directory()).getUsableSpace();
        Assumptions.assumeTrue(free > 2 * bytes, "only " + free + " bytes are free here");
        long available = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
        Assumptions.assumeTrue(available > 3 * bytes, "only " + available + " bytes of memory are available");
    }
}
