package org.shmrt.testing.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.BusyException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Clocks;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamStatus;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Scratch;

/** Requirements on writing that every stream format must meet. */
@Timeout(600)
public abstract class WriterContract extends StreamContract {
    protected WriterContract(StreamSpec spec, Scratch scratch) {
        super(spec, scratch);
    }

    @Test
    void shouldStartWithoutAFrame() {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(0, stream.status().cnt0());
            assertFalse(stream.status().writing());
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(0));
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(0, reader.count());
        }
    }

    @Test
    void shouldCountFramesFromOneAndKeepTheNewest() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            for (int count = 1; count <= 2 * depth + 1; count++) {
                assertEquals(count, writer.write(ramp.of(count)));

                StreamStatus status = stream.status();
                assertEquals(count, status.cnt0());
                assertEquals((count - 1) % depth, status.newestSlot());
                assertFalse(status.writing());
            }

            assertSlots(stream, 2 * depth + 1);
        }
    }

    private void assertSlots(ImageStream stream, int newest) {
        try (FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(Verdict.FRESH, reader.newest());
            assertRamp(reader.frame(), newest);
            assertTrue(reader.validate());
        }
    }

    @Test
    void shouldPublishTheContentOfTheClaimedMemory() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            MemorySegment frame = writer.claim();
            frame.copyFrom(ramp.of(1));

            assertEquals(1, writer.publish());

            assertEquals(stream.layout().frameBytes(), frame.byteSize());
            assertEquals(Verdict.FRESH, reader.awaitNext(0));
            assertRamp(reader.frame(), 1);
        }
    }

    @Test
    void shouldHideAClaimedFrameUntilItIsPublished() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.claim().copyFrom(ramp.of(1));

            assertTrue(stream.status().writing());
            assertEquals(0, stream.status().cnt0());
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(2 * MS));

            writer.publish();
            assertFalse(stream.status().writing());
            assertEquals(Verdict.FRESH, reader.awaitNext(2 * MS));
        }
    }

    @Test
    void shouldNotCountAnAbortedFrame() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.claim().fill((byte) 9);
            writer.abort();

            assertEquals(0, stream.status().cnt0());
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(2 * MS));
            assertEquals(1, writer.write(ramp.of(1)));
            assertEquals(Verdict.FRESH, reader.awaitNext(2 * MS));
            assertRamp(reader.frame(), 1);
        }
    }

    @Test
    void shouldNotDeliverAFrameThatAnAbortedClaimHasOverwritten() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writeRamps(writer, depth);
            writer.claim().fill((byte) 9);
            writer.abort();

            Verdict verdict = reader.awaitNext(2 * MS);

            if (verdict.hasFrame()) {
                assertRamp(reader.frame(), reader.count());
            } else {
                assertEquals(Verdict.TIMED_OUT, verdict);
            }
        }
    }

    @Test
    void shouldNotValidateAFrameThatAnAbortedClaimHasOverwritten() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writeRamps(writer, 1);
            assertEquals(Verdict.FRESH, reader.awaitNext(0));
            writeRamps(writer, depth - 1);
            assertTrue(reader.validate());

            writer.claim().fill((byte) 9);
            writer.abort();

            assertFalse(reader.validate());
        }
    }

    @Test
    void shouldRejectCallsOutOfOrder() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            assertThrows(IllegalStateException.class, writer::publish);
            assertThrows(IllegalStateException.class, writer::abort);

            writer.claim();

            assertThrows(IllegalStateException.class, writer::claim);
            assertThrows(IllegalStateException.class, () -> writer.write(ramp.of(1)));
            assertEquals(1, writer.publish());
            assertThrows(IllegalStateException.class, writer::publish);
        }
    }

    @Test
    void shouldRejectAFrameOfTheWrongSize() {
        long bytes = spec.shape().byteSize(spec.type());
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            for (long wrong : new long[] {0, bytes - 1, bytes + 1}) {
                IllegalArgumentException refusal = assertThrows(
                        IllegalArgumentException.class,
                        () -> writer.write(MemorySegment.ofArray(new byte[(int) wrong])));
                assertTrue(refusal.getMessage().contains(bytes + " bytes"), refusal.getMessage());
            }

            assertFalse(stream.status().writing());
            assertEquals(1, writer.write(ramp.of(1)));
        }
    }

    @Test
    void shouldStampFramesWithTheGivenOrTheCurrentTime() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.claim();
            writer.publish(1_234_567_890_123_456_789L);
            assertEquals(Verdict.FRESH, reader.awaitNext(0));
            assertEquals(1_234_567_890_123_456_789L, reader.acquiredNs());
            assertEquals(1_234_567_890_123_456_789L, stream.status().acquiredNs());

            long before = Clocks.realtimeNs();
            writer.write(ramp.of(2));
            assertEquals(Verdict.FRESH, reader.awaitNext(0));
            assertTrue(reader.acquiredNs() >= before);
        }
    }

    @Test
    void shouldPassTheFrameIdToReaders() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.frameId(987_654_321_987L);
            writer.write(ramp.of(1));

            assertEquals(Verdict.FRESH, reader.awaitNext(0));
            assertEquals(987_654_321_987L, reader.frameId());
            assertEquals(987_654_321_987L, stream.status().cnt2());
        }
    }

    @Test
    void shouldRejectASecondWriterInThisProcess() {
        try (ImageStream stream = create();
                ImageStream other = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            assertThrows(BusyException.class, stream::writer);

            BusyException refusal = assertThrows(BusyException.class, other::writer);

            assertTrue(
                    refusal.getMessage()
                            .contains("process " + ProcessHandle.current().pid()),
                    refusal.getMessage());
            assertEquals(1, writer.write(ramp.of(1)));
        }
    }

    @Test
    void shouldRejectASecondWriterAndNameThePidOfTheFirst() {
        try (ImageStream stream = create();
                ChildProcess child = ChildJvm.start("claim", path)) {
            assertEquals("claimed", child.line());

            BusyException refusal = assertThrows(BusyException.class, stream::writer);

            assertTrue(refusal.getMessage().contains("process " + child.pid()), refusal.getMessage());
            assertTrue(refusal.getMessage().contains(path.toString()), refusal.getMessage());
        }
    }

    @Test
    void shouldLetWritersShareAStreamOnRequest() {
        try (ImageStream stream = create();
                ImageStream other = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameWriter second = stream.sharedWriter();
                FrameWriter third = other.sharedWriter()) {
            assertEquals(1, writer.write(ramp.of(1)));
            assertEquals(2, second.write(ramp.of(2)));
            assertEquals(3, third.write(ramp.of(3)));
            assertEquals(4, writer.write(ramp.of(4)));
            assertSlots(stream, 4);
        }
    }

    @Test
    void shouldAllowAnotherWriterAfterTheFirstIsClosed() {
        try (ImageStream stream = create();
                ImageStream other = ImageStream.open(path)) {
            FrameWriter first = stream.writer();
            first.write(ramp.of(1));
            first.close();
            first.close();

            try (FrameWriter second = other.writer()) {
                assertEquals(2, second.write(ramp.of(2)));
            }
            try (FrameWriter third = stream.writer()) {
                assertEquals(3, third.write(ramp.of(3)));
            }
        }
    }

    @Test
    void shouldAllowAnotherWriterAfterTheStreamOfTheFirstIsClosed() {
        ImageStream stream = create();
        FrameWriter first = stream.writer();
        first.claim();
        stream.close();

        try (ImageStream other = ImageStream.open(path);
                FrameWriter second = other.writer()) {
            assertEquals(1, second.write(ramp.of(1)));
            assertFalse(other.status().writing());
        }
    }

    @Test
    void shouldRefuseToWriteAStreamThatWasRecreated() {
        try (ImageStream old = create();
                ImageStream recreated = ImageStream.create(path, spec.replacingExisting())) {
            assertThrows(IncompatibleException.class, old::writer);

            try (FrameWriter writer = recreated.writer()) {
                assertEquals(1, writer.write(ramp.of(1)));
            }
        }
    }

    @Test
    void shouldRefuseToShareAStreamThatWasRecreatedAndHasAWriter() {
        try (ImageStream old = create();
                ImageStream recreated = ImageStream.create(path, spec.replacingExisting());
                FrameWriter writer = recreated.writer()) {
            assertThrows(IncompatibleException.class, () -> old.sharedWriter());

            assertEquals(1, writer.write(ramp.of(1)));
        }
    }

    @Test
    void shouldThrowClosedExceptionAfterClose() {
        try (ImageStream stream = create()) {
            FrameWriter writer = stream.writer();
            writer.close();

            assertThrows(ClosedException.class, writer::claim);
            assertThrows(ClosedException.class, () -> writer.write(ramp.of(1)));
            assertThrows(ClosedException.class, writer::publish);
            assertEquals(0, stream.status().cnt0());
        }
    }

    @Test
    void shouldThrowClosedExceptionAfterItsStreamIsClosed() {
        ImageStream stream = create();
        FrameWriter writer = stream.writer();
        MemorySegment frame = writer.claim();

        stream.close();
        stream.close();

        assertFalse(stream.isOpen());
        assertThrows(ClosedException.class, writer::publish);
        assertThrows(ClosedException.class, writer::claim);
        assertThrows(IllegalStateException.class, () -> frame.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
        assertThrows(ClosedException.class, stream::writer);
        assertThrows(ClosedException.class, stream::status);
        assertThrows(ClosedException.class, stream::keywords);
        assertThrows(ClosedException.class, () -> stream.reader(WaitStrategy.spin()));
        writer.close();
    }

    @Test
    void shouldThrowClosedExceptionInAWritingThread() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            ImageStream stream = ImageStream.create(path, spec.replacingExisting());
            FrameWriter writer = stream.writer();
            FutureTask<Void> writing = inBackground(() -> {
                for (long count = 1; ; count++) {
                    writer.write(ramp.of(count));
                }
            });
            Thread.sleep(3);

            stream.close();

            ExecutionException end = assertThrows(ExecutionException.class, writing::get);
            assertEquals(ClosedException.class, end.getCause().getClass(), () -> "ended by " + end.getCause());
        }
    }

    @Test
    void shouldRefuseToWriteOrWaitBySemaphoreWhenOpenedReadOnly() {
        create().close();
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertThrows(AccessDeniedException.class, stream::writer);
            assertThrows(AccessDeniedException.class, () -> stream.sharedWriter());
            assertThrows(AccessDeniedException.class, () -> stream.reader(WaitStrategy.semaphore()));
            assertThrows(AccessDeniedException.class, () -> stream.reader(WaitStrategy.semaphore(2)));
            assertThrows(AccessDeniedException.class, () -> stream.reader(WaitStrategy.hybrid(MS)));
        }
    }

    @Test
    void shouldNotModifyAStreamOpenedReadOnly() throws IOException {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            writeRamps(writer, depth + 1);
        }
        byte[] before = Files.readAllBytes(path);
        Object modified = Files.getLastModifiedTime(path);

        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(Verdict.FRESH, reader.newest());
            assertTrue(reader.copyTo(ramp.empty()));
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(MS));
            stream.status();
            stream.keywords();
        }

        assertArrayEquals(before, Files.readAllBytes(path));
        assertEquals(modified, Files.getLastModifiedTime(path));
    }
}
