package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Frames that cannot be claimed ahead, calls in the wrong order, and streams that end or change meanwhile. */
@Timeout(600)
class FramesAheadFailureTest {
    private static final int PIXELS = 2048;
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT16, Shape.of(PIXELS));

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final RampFrames ramp = new RampFrames(PIXELS);

    private ImageStream create(int depth) {
        return ImageStream.create(scratch.stream("cam"), SPEC.withDepth(depth));
    }

    /** Streams with one slot, of all formats. */
    static List<StreamSpec> singleSlots() {
        return List.of(
                SPEC,
                StreamSpec.milk(DataType.UINT16, Shape.of(PIXELS)),
                StreamSpec.milk(DataType.UINT16, Shape.of(PIXELS)).withCircularBuffer(8),
                StreamSpec.milk(DataType.UINT16, Shape.of(4, 16, 32)).asRollingCube());
    }

    @ParameterizedTest
    @MethodSource("singleSlots")
    void shouldRefuseAStreamWithASingleSlot(StreamSpec spec) {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> writer.claimAhead(3));

            assertTrue(
                    refusal.getMessage().startsWith("cannot claim frames of " + path + " ahead: it has one slot"),
                    refusal.getMessage());
            assertTrue(refusal.getMessage().endsWith("format dao, depth 4 or more"), refusal.getMessage());
            writer.claim();
            assertEquals(1, writer.publish());
        }
    }

    @Test
    void shouldRefuseAsManyFramesAsTheStreamHasSlots() {
        try (ImageStream stream = create(4);
                FrameWriter writer = stream.writer()) {
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> writer.claimAhead(4));

            assertTrue(refusal.getMessage().contains("it has 4 slots"), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("claim at most 3"), refusal.getMessage());
            writer.claimAhead(3).close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void shouldRefuseAWrongNumberOfFrames(int frames) {
        try (ImageStream stream = create(4);
                FrameWriter writer = stream.writer()) {
            assertThrows(IllegalArgumentException.class, () -> writer.claimAhead(frames));
        }
    }

    @Test
    void shouldRefuseSeveralWriters() {
        try (ImageStream stream = create(4);
                FrameWriter writer = stream.sharedWriter()) {
            IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> writer.claimAhead(2));

            assertTrue(refusal.getMessage().contains("several writers"), refusal.getMessage());
            assertEquals(1, writer.write(ramp.of(1)));
        }
    }

    @Test
    void shouldRefuseOtherClaimsMeanwhile() {
        try (ImageStream stream = create(4);
                FrameWriter writer = stream.writer()) {
            PacketWriter packets = writer.packets();
            writer.claim();
            assertThrows(IllegalStateException.class, () -> writer.claimAhead(2));
            writer.abort();
            try (FramesAhead ahead = writer.claimAhead(2)) {
                int buffer = ahead.claim();
                List<Executable> others = List.of(
                        writer::claim,
                        writer::publish,
                        () -> writer.publish(1),
                        writer::abort,
                        () -> writer.write(ramp.of(1)),
                        () -> writer.writeQuietly(ramp.of(1)),
                        () -> writer.claimAhead(1),
                        () -> packets.begin(1, 1));
                for (Executable other : others) {
                    IllegalStateException refusal = assertThrows(IllegalStateException.class, other);
                    assertTrue(refusal.getMessage().contains("claimed ahead"), refusal.getMessage());
                }
                assertThrows(IllegalStateException.class, packets::finish);
                ahead.memory(buffer).copyFrom(ramp.of(1));
                assertEquals(1, ahead.publish(buffer, 1));
            }
            assertEquals(2, writer.write(ramp.of(2)));
        }
    }

    @Test
    void shouldRefuseABufferThatIsNotClaimed() {
        try (ImageStream stream = create(4);
                FrameWriter writer = stream.writer();
                FramesAhead ahead = writer.claimAhead(2)) {
            ahead.publish(ahead.claim(), 1);
            ahead.giveBack(ahead.claim());
            for (int buffer : new int[] {-1, 0, 1, 2, Integer.MAX_VALUE}) {
                assertThrows(IllegalStateException.class, () -> ahead.memory(buffer));
                assertThrows(IllegalStateException.class, () -> ahead.frameId(buffer, 1));
                assertThrows(IllegalStateException.class, () -> ahead.publish(buffer, 1));
                assertThrows(IllegalStateException.class, () -> ahead.giveBack(buffer));
                assertThrows(IllegalStateException.class, () -> ahead.giveBackUnused(buffer));
            }
            ahead.claim();
            int second = ahead.claim();
            ahead.publish(second, 1); // waits
            assertThrows(IllegalStateException.class, () -> ahead.memory(second));
            assertThrows(IllegalStateException.class, () -> ahead.publish(second, 1));
        }
    }

    @Test
    void shouldFailAfterItIsClosed() {
        try (ImageStream stream = create(4);
                FrameWriter writer = stream.writer()) {
            FramesAhead ahead = writer.claimAhead(2);
            int buffer = ahead.claim();
            ahead.close();
            ahead.close();

            assertClosed(ahead, buffer, "the claim of frames ahead");
            try (FramesAhead again = writer.claimAhead(2)) {
                ahead.close(); // does not end the other one
                assertEquals(1, again.publish(again.claim(), 1));
            }
        }
    }

    private static void assertClosed(FramesAhead ahead, int buffer, String what) {
        for (Executable call : List.<Executable>of(
                ahead::claim,
                () -> ahead.publish(buffer, 1),
                () -> ahead.giveBack(buffer),
                () -> ahead.giveBackUnused(buffer))) {
            ClosedException closed = assertThrows(ClosedException.class, call);
            assertTrue(closed.getMessage().startsWith(what), closed.getMessage());
        }
    }

    @Test
    void shouldFailAfterItsWriterIsClosed() {
        try (ImageStream stream = create(4)) {
            FrameWriter writer = stream.writer();
            FramesAhead ahead = writer.claimAhead(2);
            int buffer = ahead.claim();
            writer.close();

            assertClosed(ahead, buffer, "the writer of");
            assertThrows(ClosedException.class, () -> writer.claimAhead(1));
            ahead.close();
            try (FrameWriter next = stream.writer()) {
                assertEquals(1, next.write(ramp.of(1)));
            }
        }
    }

    @Test
    void shouldFailAfterItsStreamIsClosed() {
        ImageStream stream = create(4);
        FramesAhead ahead = stream.writer().claimAhead(2);
        int buffer = ahead.claim();
        stream.close();

        assertClosed(ahead, buffer, "the writer of");
        ahead.close();
    }

    @Test
    void shouldReportATruncatedFile() throws IOException {
        try (ImageStream stream = create(4);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            FramesAhead ahead = writer.claimAhead(3);
            int first = ahead.claim();
            int second = ahead.claim();
            try (FileChannel file = FileChannel.open(stream.path(), StandardOpenOption.WRITE)) {
                file.truncate(0);
            }

            for (Executable call : List.<Executable>of(
                    ahead::claim, () -> ahead.publish(first, 1), () -> ahead.giveBack(second), ahead::close)) {
                IncompatibleException truncated = assertThrows(IncompatibleException.class, call);
                assertTrue(truncated.getMessage().contains("was truncated"), truncated.getMessage());
            }
            assertThrows(ClosedException.class, ahead::claim);
            assertEquals(Verdict.RECREATED, reader.awaitNext(1_000_000_000L));
        }
    }

    /** The stack ends in any call: each attempt starts the recursion a few bytes further. */
    @Test
    void shouldWriteOnAfterAStackOverflow() throws InterruptedException {
        try (ImageStream stream = create(4);
                FrameWriter writer = stream.writer();
                FramesAhead ahead = writer.claimAhead(3);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            for (int i = 0; i < 2000; i++) {
                writeSecondFirst(ahead); // no class is initialised for the first time at the end of the stack
            }
            MemorySegment copy = ramp.empty();
            for (int attempt = 0; attempt < 100; attempt++) {
                int padding = attempt;
                Thread deep = new Thread(null, () -> overflow(ahead, padding), "deep", 256 << 10);
                deep.start();
                deep.join();
                for (int buffer = 0; buffer < ahead.size(); buffer++) {
                    giveBackIfClaimed(ahead, buffer);
                }
                ahead.giveBack(ahead.claim());
                assertEquals(0, ahead.claimed());
                assertEquals(0, ahead.waiting());

                long next = stream.status().cnt0() + 1;
                assertEquals(next, write(ahead, next));
                assertTrue(reader.readNewer(copy, 0).hasFrame());
                assertEquals(next, reader.count());
                assertTrue(ramp.isWhole(copy, next));
            }
        }
    }

    private long write(FramesAhead ahead, long count) {
        int buffer = ahead.claim();
        ahead.memory(buffer).copyFrom(ramp.of(count));
        return ahead.publish(buffer, count);
    }

    private void writeSecondFirst(FramesAhead ahead) {
        int first = ahead.claim();
        if (first >= 0) {
            write(ahead, 1);
            ahead.publish(first, 1);
        }
    }

    private static void giveBackIfClaimed(FramesAhead ahead, int buffer) {
        try {
            ahead.giveBack(buffer);
        } catch (IllegalStateException e) {
            // it was free
        }
    }

    private void overflow(FramesAhead ahead, int padding) {
        try {
            dive(ahead, padding);
        } catch (StackOverflowError | IllegalStateException e) {
            return;
        }
        throw new AssertionError("the stack did not overflow");
    }

    /** Writes at every depth, so the call that does not fit is one inside a write. */
    private long dive(FramesAhead ahead, int padding) {
        writeSecondFirst(ahead);
        return padding > 0 ? dive(ahead, padding - 1) + 1 : diveFurther(ahead, Integer.MAX_VALUE) + 1;
    }

    private long diveFurther(FramesAhead ahead, int calls) {
        writeSecondFirst(ahead);
        return calls > 0 ? diveFurther(ahead, calls - 1) + 1 : 1;
    }
}
