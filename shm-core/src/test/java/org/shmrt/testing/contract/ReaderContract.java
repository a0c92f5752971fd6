package org.shmrt.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** Requirements on reading that every stream format must meet, except for waiting. */
@Timeout(600)
public abstract class ReaderContract extends TornFrameContract {
    protected ReaderContract(StreamSpec spec, Scratch scratch) {
        super(spec, scratch);
    }

    @Test
    void shouldStartAfterTheNewestFrame() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            writeRamps(writer, 3);
            try (FrameReader reader = stream.reader(WaitStrategy.spin())) {
                assertEquals(3, reader.count());
                assertEquals(Verdict.TIMED_OUT, reader.awaitNext(0));
                assertFalse(reader.validate(), "no frame was read");

                writeRamps(writer, 1);

                assertEquals(Verdict.FRESH, reader.awaitNext(0));
                assertEquals(4, reader.count());
                assertRamp(reader.frame(), 4);
                assertEquals(0, reader.lostTotal());
            }
        }
    }

    @Test
    void shouldReadFramesInOrderAsLongAsTheStreamKeepsThem() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            for (int round = 0; round < 3; round++) {
                writeRamps(writer, depth);

                for (int i = 1; i <= depth; i++) {
                    assertEquals(Verdict.FRESH, reader.awaitNext(0));
                    assertEquals(round * depth + i, reader.count());
                    assertRamp(reader.frame(), reader.count());
                    assertTrue(reader.validate());
                }
                assertEquals(Verdict.TIMED_OUT, reader.awaitNext(0));
            }
            assertEquals(0, reader.lostTotal());
        }
    }

    @Test
    void shouldReportHowManyFramesWereLost() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writeRamps(writer, depth + 3);

            assertEquals(depth == 1 ? Verdict.SKIPPED : Verdict.LAPPED, reader.awaitNext(0));
            assertEquals(depth + 3, reader.count());
            assertEquals(depth + 2, reader.lost());
            assertRamp(reader.frame(), depth + 3);

            writeRamps(writer, 1);
            assertEquals(Verdict.FRESH, reader.awaitNext(0));
            assertEquals(0, reader.lost());
            assertEquals(depth + 2, reader.lostTotal());
        }
    }

    @Test
    void shouldSkipToTheNewestFrameOnRequest() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writeRamps(writer, 2);

            assertEquals(Verdict.SKIPPED, reader.awaitNewest(0));
            assertEquals(2, reader.count());
            assertEquals(1, reader.lost());
            assertEquals(Verdict.TIMED_OUT, reader.awaitNewest(0));

            writeRamps(writer, 1);
            assertEquals(Verdict.FRESH, reader.awaitNewest(0));
            assertEquals(0, reader.lost());
        }
    }

    @Test
    void shouldReadTheNewestFrameRepeatedly() {
        MemorySegment buffer = ramp.empty();
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writeRamps(writer, 5);

            for (int i = 0; i < 3; i++) {
                assertEquals(Verdict.FRESH, reader.newest());
                assertEquals(5, reader.count());
                assertEquals(Verdict.FRESH, reader.readNewest(buffer, SECOND));
                assertRamp(buffer, 5);
            }
        }
    }

    @Test
    void shouldCopyTheNextFrame() {
        MemorySegment buffer = ramp.empty();
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(Verdict.TIMED_OUT, reader.read(buffer, MS));
            writeRamps(writer, 1);

            assertEquals(Verdict.FRESH, reader.read(buffer, MS));

            assertRamp(buffer, 1);
            assertEquals(1, reader.count());
            writeRamps(writer, depth);
            assertRamp(buffer, 1);
        }
    }

    @Test
    void shouldRejectATargetOfTheWrongSize() {
        long bytes = spec.shape().byteSize(spec.type());
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            for (long wrong : new long[] {0, bytes - 1, bytes + 1}) {
                MemorySegment target = MemorySegment.ofArray(new byte[(int) wrong]);
                assertThrows(IllegalArgumentException.class, () -> reader.read(target, 0));
                assertThrows(IllegalArgumentException.class, () -> reader.readNewest(target, 0));
            }
        }
    }

    @Test
    void shouldReturnReadOnlyFrames() {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(Verdict.FRESH, reader.newest());

            assertTrue(reader.frame().isReadOnly());
            assertEquals(stream.layout().frameBytes(), reader.frame().byteSize());
            assertThrows(IllegalArgumentException.class, () -> reader.frame().set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
        }
    }

    @Test
    void shouldReportAWriterThatLeftItsFlagSet() {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            FrameWriter writer = stream.writer();
            writer.claim();
            writer.close();
            long startNs = System.nanoTime();

            Verdict verdict = reader.awaitNext(depth == 1 ? 10 * SECOND : 10 * MS);

            if (depth == 1) {
                assertEquals(Verdict.STALE_WRITER, verdict);
                assertTrue(System.nanoTime() - startNs >= 500 * MS, "a slow writer must not be reported too early");
                assertEquals(Verdict.STALE_WRITER, reader.newest());
            } else {
                assertEquals(Verdict.TIMED_OUT, verdict);
                assertEquals(Verdict.FRESH, reader.newest(), "a ring still has a newest frame");
            }
            try (FrameWriter next = stream.writer()) {
                next.write(ramp.of(1));
            }
            assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
        }
    }

    @Test
    void shouldNotReportALiveWriterAsStale() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.claim();

            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(1100 * MS));

            writer.publish();
            assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
        }
    }

    @Test
    void shouldKeepItsTimeoutWhileALiveWriterHoldsAFrame() {
        MemorySegment buffer = ramp.empty();
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writeRamps(writer, 1);
            writer.claim();

            Verdict verdict = reader.readNewest(buffer, 20 * MS);

            assertEquals(depth == 1 ? Verdict.TIMED_OUT : Verdict.FRESH, verdict);
        }
    }

    @Test
    void shouldReportClosedAfterClose() {
        MemorySegment buffer = ramp.empty();
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            FrameReader reader = stream.reader(WaitStrategy.spin());
            reader.close();
            reader.close();
            writeRamps(writer, 1);

            assertEquals(Verdict.CLOSED, reader.awaitNext(MS));
            assertEquals(Verdict.CLOSED, reader.awaitNewest(0));
            assertEquals(Verdict.CLOSED, reader.newest());
            assertEquals(Verdict.CLOSED, reader.read(buffer, MS));
            assertEquals(Verdict.CLOSED, reader.readNewest(buffer, MS));
        }
    }

    @Test
    void shouldReportClosedAfterItsStreamIsClosed() {
        MemorySegment buffer = ramp.empty();
        ImageStream stream = create();
        FrameWriter writer = stream.writer();
        FrameReader reader = stream.reader(WaitStrategy.spin());
        writeRamps(writer, 1);
        assertEquals(Verdict.FRESH, reader.awaitNext(0));
        long acquiredNs = reader.acquiredNs();

        stream.close();

        assertEquals(Verdict.CLOSED, reader.awaitNext(MS));
        assertEquals(Verdict.CLOSED, reader.awaitNewest(0));
        assertEquals(Verdict.CLOSED, reader.newest());
        assertEquals(Verdict.CLOSED, reader.read(buffer, MS));
        assertEquals(Verdict.CLOSED, reader.readNewest(buffer, MS));
        assertFalse(reader.validate());
        assertThrows(IllegalStateException.class, () -> reader.frame().get(ValueLayout.JAVA_BYTE, 0));
        assertEquals(acquiredNs, reader.acquiredNs(), "the acquisition time of the last frame remains known");
        reader.close();
    }

    @Test
    void shouldReturnHeaderFieldsOfAFrameInPlaceOnlyUntilItIsOverwritten() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.frameId(41);
            writeRamps(writer, 1);
            assertEquals(Verdict.FRESH, reader.awaitNext(0));
            assertEquals(41, reader.frameId());
            assertTrue(reader.acquiredNs() > 0);
            assertTrue(reader.isStrict());

            writeRamps(writer, 1);
            assertEquals(Verdict.FRESH, reader.awaitNext(0));
            writeRamps(writer, stream.layout().depth());

            assertFalse(reader.validate());
            assertEquals(0, reader.frameId(), "the slot has the id of another frame");
            assertEquals(0, reader.acquiredNs());
            assertFalse(reader.isStrict());
        }
    }

    @Test
    void shouldReturnHeaderFieldsOfACopiedFrameAfterItIsOverwritten() {
        MemorySegment buffer = ramp.empty();
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.frameId(41);
            writeRamps(writer, 1);
            assertEquals(Verdict.FRESH, reader.read(buffer, 0));
            writer.frameId(42);
            writeRamps(writer, stream.layout().depth());

            assertEquals(41, reader.frameId());
            assertTrue(reader.acquiredNs() > 0);
            assertTrue(reader.isStrict());
        }
    }

    @Test
    void shouldReportClosedToAReadingThread() throws Exception {
        for (int round = 0; round < 20; round++) {
            ImageStream stream = ImageStream.create(path, spec.replacingExisting());
            FrameReader reader = stream.reader(WaitStrategy.spin());
            FutureTask<Verdict> reading = inBackground(() -> {
                MemorySegment buffer = ramp.empty();
                Verdict verdict = reader.readNewest(buffer, SECOND);
                while (verdict.hasFrame()) {
                    verdict = reader.readNewest(buffer, SECOND);
                }
                return verdict;
            });
            Thread.sleep(3);

            stream.close();

            assertEquals(Verdict.CLOSED, reading.get());
        }
    }

    @Test
    void shouldReportARemovedStreamToAReaderWithShortTimeouts() {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            ImageStream.remove(path);

            assertEquals(Verdict.REMOVED, reader.awaitNext(10 * SECOND));
            assertEquals(Verdict.REMOVED, awaitInShortSteps(reader));
        }
    }

    @Test
    void shouldReportARecreatedStreamToAReaderWithShortTimeouts() {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin());
                ImageStream recreated = ImageStream.create(path, spec.replacingExisting());
                FrameWriter writer = recreated.writer()) {
            writer.write(ramp.of(1));

            assertEquals(Verdict.RECREATED, reader.awaitNext(10 * SECOND));
            assertEquals(Verdict.RECREATED, awaitInShortSteps(reader));
        }
    }

    private static Verdict awaitInShortSteps(FrameReader reader) {
        Verdict verdict = Verdict.TIMED_OUT;
        while (verdict == Verdict.TIMED_OUT) {
            verdict = reader.awaitNext(10 * MS);
        }
        return verdict;
    }

    @Test
    void shouldKeepTheOldStreamReadableAfterItIsReplaced() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writeRamps(writer, 2);

            ImageStream.create(path, spec.replacingExisting()).close();

            assertEquals(Verdict.FRESH, reader.newest());
            assertRamp(reader.frame(), 2);
            assertEquals(2, stream.status().cnt0());
            assertEquals(3, writer.write(ramp.of(3)));
        }
    }

    @Test
    void shouldSeeEveryFrameWhenOpenedReadOnly() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                ImageStream viewed = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = viewed.reader(WaitStrategy.spin())) {
            for (int count = 1; count <= 10; count++) {
                writeRamps(writer, 1);

                assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
                assertEquals(count, reader.count());
                assertRamp(reader.frame(), count);
                assertTrue(reader.validate());
            }
        }
    }

    @Test
    void shouldFollowALinkToTheStream() throws IOException {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer()) {
            writeRamps(writer, 1);
            var link = Files.createSymbolicLink(scratch.directory().resolve("link.im.shm"), path);
            try (ImageStream linked = ImageStream.open(link);
                    FrameReader reader = linked.reader(WaitStrategy.semaphore())) {
                writeRamps(writer, 1);

                assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
                assertEquals(2, reader.count());
            }

            ImageStream.remove(link);

            assertTrue(Files.notExists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS));
            assertEquals(3, writer.write(ramp.of(3)));
            assertEquals(
                    stream.layout().semaphores().isInFile(),
                    scratch.semaphores().isEmpty(),
                    "the stream keeps its semaphores");
        }
    }
}
