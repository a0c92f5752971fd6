package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.FileTruncation;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Parts of frames are copied and checked as whole frames are. */
@Timeout(600)
class RegionReaderTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int ROWS = 32;
    private static final int COLUMNS = 64;
    private static final Shape FRAME = Shape.of(ROWS, COLUMNS);
    private static final Region REGION = Region.of(10, 20, 30, 33);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final RampFrames ramp = new RampFrames(FRAME.elementCount());
    private final MemorySegment part = MemorySegment.ofArray(new short[30]);
    private Path path;

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
    }

    private static StreamSpec dao(int depth) {
        return StreamSpec.dao(DataType.UINT16, FRAME).withDepth(depth);
    }

    private void assertPartOf(long count) {
        for (int row = 0; row < 10; row++) {
            for (int column = 0; column < 3; column++) {
                long element = (row + 10L) * COLUMNS + column + 30;
                assertEquals(
                        (short) (count + element),
                        part.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, row * 3L + column),
                        "row " + row + ", column " + column);
            }
        }
    }

    @Test
    void shouldReadARegionInOrder() {
        try (ImageStream stream = ImageStream.create(path, dao(4));
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            RegionReader region = RegionReader.of(reader, REGION);
            assertEquals(Shape.of(10, 3), region.shape());
            assertEquals(60, region.byteSize());
            writer.frameId(77);
            writer.write(ramp.of(1));
            writer.write(ramp.of(2));

            assertEquals(Verdict.FRESH, region.read(part, 0));
            assertPartOf(1);
            assertEquals(1, reader.count());
            assertEquals(77, reader.frameId());
            assertTrue(reader.isStrict());
            assertTrue(reader.acquiredNs() > 0);
            assertEquals(Verdict.FRESH, region.read(part, 0));
            assertPartOf(2);
            assertEquals(Verdict.TIMED_OUT, region.read(part, 0));
            assertEquals(Verdict.FRESH, region.readNewest(part, 0));
            assertPartOf(2);
            assertEquals(0, reader.lostTotal());
        }
    }

    @Test
    void shouldReadTheNewestAndCountWhatItSkipped() {
        try (ImageStream stream = ImageStream.create(path, dao(4));
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            RegionReader region = RegionReader.of(reader, REGION);
            for (int count = 1; count <= 7; count++) {
                writer.write(ramp.of(count));
            }

            assertEquals(Verdict.SKIPPED, region.readNewer(part, 0));
            assertPartOf(7);
            assertEquals(6, reader.lost());
            for (int count = 8; count <= 14; count++) {
                writer.write(ramp.of(count));
            }
            assertEquals(Verdict.LAPPED, region.read(part, 0));
            assertPartOf(14);
            assertEquals(12, reader.lostTotal());
        }
    }

    @Test
    void shouldWaitForTheNextFrame() throws Exception {
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.UINT16, FRAME));
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            RegionReader region = RegionReader.of(reader, REGION);
            FutureTask<Verdict> waiting = new FutureTask<>(() -> region.read(part, 30 * SECOND));
            Thread.ofPlatform().daemon().start(waiting);

            writer.write(ramp.of(1));

            assertEquals(Verdict.FRESH, waiting.get());
            assertPartOf(1);
        }
    }

    /** A region is not whole if the writer changes any of its rows during the copy. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldNeverReturnRowsOfTwoFrames(int depth) throws Exception {
        try (ImageStream stream = ImageStream.create(path, dao(depth));
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.write(ramp.of(1));
            AtomicBoolean stop = new AtomicBoolean();
            FutureTask<Long> writing = new FutureTask<>(() -> {
                long count = 1;
                while (!stop.get()) {
                    count++;
                    writer.write(ramp.of(count));
                }
                return count;
            });
            Thread.ofPlatform().daemon().start(writing);
            RegionReader region = RegionReader.of(reader, REGION);
            long read = 0;
            for (int i = 0; i < 400; i++) {
                Verdict verdict = region.read(part, 30 * SECOND);
                assertTrue(verdict.hasFrame(), verdict.toString());
                assertPartOf(reader.count());
                read++;
            }
            stop.set(true);
            assertTrue(writing.get() >= reader.count());
            assertEquals(reader.count(), read + reader.lostTotal(), "each frame was read or is counted as lost");
        }
    }

    @Test
    void shouldReportAFrameThatIsBeingWritten() {
        try (ImageStream stream = ImageStream.create(path, dao(1));
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.write(ramp.of(1));
            MemorySegment ignored = writer.claim();

            assertEquals(Verdict.TIMED_OUT, RegionReader.of(reader, REGION).readNewest(part, 1_000_000L));
        }
    }

    @Test
    void shouldRefuseARegionBeyondTheFrameAndMemoryOfAnotherSize() {
        try (ImageStream stream = ImageStream.create(path, dao(1));
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            RegionReader region = RegionReader.of(reader, REGION);
            MemorySegment whole = ramp.empty();

            assertThrows(
                    IllegalArgumentException.class, () -> RegionReader.of(reader, Region.of(0, ROWS + 1, 0, COLUMNS)));
            String message = assertThrows(IllegalArgumentException.class, () -> region.readNewest(whole, 0))
                    .getMessage();
            assertTrue(message.contains("the region 10:20,30:33 of " + path + " has 60 bytes, not 4096"), message);
        }
    }

    @Test
    void shouldContinueOnAStreamOfAnotherShapeAfterReattaching() {
        try (ImageStream stream = ImageStream.create(path, dao(1));
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            RegionReader region = RegionReader.of(reader, Region.parse("1:3"));
            Shape other = Shape.of(2, 5);
            try (ImageStream next = ImageStream.create(
                            path, StreamSpec.dao(DataType.UINT8, other).replacingExisting());
                    FrameWriter writer = next.writer()) {
                writer.write(MemorySegment.ofArray(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
                assertTrue(reader.reattach());

                MemorySegment columns = MemorySegment.ofArray(new byte[4]);
                assertEquals(Shape.of(2, 2), region.shape());
                assertEquals(Verdict.FRESH, region.read(columns, 0));
                assertEquals(
                        "1 2 6 7",
                        columns.get(ValueLayout.JAVA_BYTE, 0) + " " + columns.get(ValueLayout.JAVA_BYTE, 1) + " "
                                + columns.get(ValueLayout.JAVA_BYTE, 2) + " " + columns.get(ValueLayout.JAVA_BYTE, 3));
            }
        }
    }

    @Test
    void shouldReportATruncatedFile() {
        try (ImageStream stream = ImageStream.create(path, dao(1));
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.write(ramp.of(1));
            FileTruncation.truncate(path, 0);

            assertEquals(Verdict.RECREATED, RegionReader.of(reader, REGION).readNewest(part, SECOND));
        }
    }

    @Test
    void shouldReportAClosedReader() {
        try (ImageStream stream = ImageStream.create(path, dao(1))) {
            FrameReader reader = stream.reader(WaitStrategy.spin());
            RegionReader region = RegionReader.of(reader, REGION);
            reader.close();

            assertEquals(Verdict.CLOSED, region.readNewest(part, 0));
            assertFalse(reader.validate());
        }
    }
}
