package org.shmrt.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.RecreationPolicy;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** Requirements on readers whose stream is removed, recreated, resized, or initialised again in the same file. */
@Timeout(600)
public abstract class RecreationContract extends StreamContract {
    protected RecreationContract(StreamSpec spec, Scratch scratch) {
        super(spec, scratch);
    }

    static WaitStrategy[] waits() {
        return new WaitStrategy[] {WaitStrategy.spin(), WaitStrategy.semaphore(), WaitStrategy.hybrid(1000)};
    }

    private ImageStream replace() {
        return ImageStream.create(path, spec.replacingExisting());
    }

    @ParameterizedTest
    @MethodSource("waits")
    void shouldReportARecreatedStreamAndContinueAfterReattach(WaitStrategy wait) {
        try (ImageStream old = create();
                FrameReader reader = old.reader(wait)) {
            try (ImageStream fresh = replace();
                    FrameWriter writer = fresh.writer()) {
                assertEquals(Verdict.RECREATED, reader.awaitNext(5 * SECOND));
                assertEquals(Verdict.RECREATED, reader.awaitNext(5 * SECOND), "the verdict is repeated until reattach");

                assertTrue(reader.reattach());
                assertEquals(1, reader.reattachments());
                assertNotEquals(old, reader.stream());
                assertEquals(1, writer.write(ramp.of(1)));

                assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
                assertRamp(reader.frame(), 1);
                assertTrue(reader.validate());
            }
        }
    }

    @Test
    void shouldReadFramesPublishedBeforeTheNewStreamWasFound() {
        try (ImageStream old = create();
                FrameReader reader = old.reader(WaitStrategy.spin())) {
            try (ImageStream fresh = replace();
                    FrameWriter writer = fresh.writer()) {
                writeRamps(writer, depth + 1);

                assertTrue(reader.reattach());

                Verdict verdict = reader.awaitNewest(SECOND);
                assertEquals(Verdict.SKIPPED, verdict);
                assertEquals(depth + 1, reader.count());
                assertEquals(depth, reader.lost());
            }
        }
    }

    @Test
    void shouldContinueWithAnotherShapeAfterReattach() {
        Shape larger = spec.shape().rank() == 3 ? Shape.of(8, 9, 10) : Shape.of(7, 5);
        try (ImageStream old = create();
                FrameReader reader = old.reader(WaitStrategy.semaphore())) {
            reader.onRecreation(RecreationPolicy.FOLLOW);
            StreamSpec other = new StreamSpec(
                    spec.format(),
                    spec.variant(),
                    DataType.FLOAT32,
                    larger,
                    spec.depth(),
                    spec.circular(),
                    spec.rolling(),
                    0,
                    StreamSpec.FORMAT_PERMISSIONS,
                    null,
                    true);
            try (ImageStream fresh = ImageStream.create(path, other);
                    FrameWriter writer = fresh.writer()) {
                MemorySegment frame = MemorySegment.ofArray(new float[(int) larger.elementCount()]);
                frame.setAtIndex(ValueLayout.JAVA_FLOAT, larger.elementCount() - 1, 2.5f);

                assertEquals(
                        Verdict.RECREATED,
                        reader.awaitNext(5 * SECOND),
                        "a stream of another shape is not followed automatically");
                assertTrue(reader.reattach());
                assertEquals(larger, reader.stream().shape());
                assertEquals(DataType.FLOAT32, reader.stream().type());
                writer.write(frame);

                MemorySegment buffer = MemorySegment.ofArray(new float[(int) larger.elementCount()]);
                assertEquals(Verdict.FRESH, reader.read(buffer, SECOND));
                assertEquals(-1, buffer.mismatch(frame));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void shouldFollowARecreatedStreamAutomatically(WaitStrategy wait) throws Exception {
        try (ImageStream old = create();
                FrameWriter before = old.writer();
                FrameReader reader = old.reader(wait)) {
            reader.onRecreation(RecreationPolicy.FOLLOW);
            before.write(ramp.of(1));
            assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
            FutureTask<Verdict> next = inBackground(() -> reader.awaitNext(20 * SECOND));

            try (ImageStream fresh = replace();
                    FrameWriter writer = fresh.writer()) {
                writer.write(ramp.of(1));

                assertEquals(Verdict.FRESH, next.get(20, TimeUnit.SECONDS));
                assertEquals(1, reader.count());
                assertEquals(1, reader.reattachments());
                assertRamp(reader.frame(), 1);
            }
        }
    }

    @Test
    void shouldWaitForARemovedStreamToReappear() throws Exception {
        try (ImageStream old = create();
                FrameReader reader = old.reader(WaitStrategy.hybrid(1000))) {
            reader.onRecreation(RecreationPolicy.FOLLOW);
            ImageStream.remove(path);
            assertEquals(Verdict.REMOVED, reader.awaitNext(300 * MS));
            assertFalse(reader.reattach());
            FutureTask<Verdict> next = inBackground(() -> reader.awaitNext(20 * SECOND));

            try (ImageStream fresh = create();
                    FrameWriter writer = fresh.writer()) {
                writer.write(ramp.of(1));

                assertEquals(Verdict.FRESH, next.get(20, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void shouldEndAFollowingWaitWhenTheReaderIsClosed() throws Exception {
        ImageStream old = create();
        FrameReader reader = old.reader(WaitStrategy.spin());
        reader.onRecreation(RecreationPolicy.FOLLOW);
        ImageStream.remove(path);
        FutureTask<Verdict> next = inBackground(() -> reader.awaitNext(Long.MAX_VALUE));
        Thread.sleep(150);

        old.close();

        assertEquals(Verdict.CLOSED, next.get(20, TimeUnit.SECONDS));
        assertThrows(ClosedException.class, reader::reattach);
    }

    @Test
    void shouldReleaseWhatAFollowingReaderOpened() {
        try (ImageStream old = create()) {
            FrameReader reader = old.reader(WaitStrategy.semaphore());
            try (ImageStream fresh = replace()) {
                assertTrue(reader.reattach());
                int taken = reader.semaphoreIndex();
                reader.close();
                reader.close();

                try (FrameReader next = fresh.reader(WaitStrategy.semaphore())) {
                    assertEquals(taken, next.semaphoreIndex());
                }
            }
        }
    }

    /**
     * DAO's own library zeroes and initialises the file of a stream in place, and counters may soon be higher than
     * before.
     */
    @Test
    void shouldReportAStreamThatWasInitialisedAgainInItsFile() throws IOException {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writeRamps(writer, 2);
            assertNotEquals(Verdict.TIMED_OUT, reader.awaitNewest(0));
            long beforeNs = stream.status().createdNs();
            setCreationTime(stream.layout(), 3);
            assertNotEquals(beforeNs, stream.status().createdNs());
            writer.write(ramp.of(3));

            assertEquals(Verdict.RECREATED, reader.awaitNext(SECOND), "the frame belongs to another stream");

            assertTrue(reader.reattach());
            assertEquals(3, reader.stream().status().cnt0());
        }
    }

    private void setCreationTime(StreamLayout layout, int seconds) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        if (layout.format().equals("dao")) {
            word.putDouble(seconds).flip();
        } else {
            word.putLong(seconds).putLong(seconds).flip();
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.write(word, layout.created().offset());
        }
    }

    @Test
    void shouldNotReattachToAFileThatIsNotAStream() throws IOException {
        try (ImageStream old = create();
                FrameReader reader = old.reader(WaitStrategy.spin())) {
            ImageStream.remove(path);
            Files.write(path, new byte[20_000]);

            assertEquals(Verdict.RECREATED, reader.awaitNext(5 * SECOND));
            assertThrows(IncompatibleException.class, reader::reattach);
            assertEquals(Verdict.RECREATED, reader.awaitNext(5 * SECOND), "the reader is unchanged");
            Files.delete(path);
        }
    }

    @Test
    void shouldStayReadOnlyAfterReattach() {
        create().close();
        try (ImageStream viewer = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = viewer.reader(WaitStrategy.spin())) {
            try (ImageStream fresh = replace();
                    FrameWriter writer = fresh.writer()) {
                assertTrue(reader.reattach());
                assertEquals(Access.READ_ONLY, reader.stream().access());
                writer.write(ramp.of(1));
                assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
            }
        }
    }
}
