package org.shmrt.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Which of the frames that local programs write into a replica are sent. */
@Timeout(600)
class LocalWritesTest {
    private static final Shape SHAPE = Shape.of(4, 5);
    private static final RampFrames FRAMES = new RampFrames(SHAPE.elementCount());
    private static final int DEPTH = 8;
    private static final long LONG_NS = 60_000_000_000L;
    private static final long SHORT_NS = 1_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private StatusPage page;
    private StatusRow row;
    private ImageStream replica;
    private FrameWriter writer;
    private LocalWrites local;

    @BeforeEach
    void start() {
        page = StatusPage.create("test");
        row = page.row(RowRole.RECEIVE, "cam", "there", "test");
    }

    @AfterEach
    void stop() {
        local.detach();
        writer.close();
        replica.close();
        row.close();
        page.close();
    }

    private void watch(Delivery delivery, int depth) {
        watch(delivery, depth, LONG_NS);
    }

    private void watch(Delivery delivery, int depth, long maxClaimNs) {
        StreamSpec spec = StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(depth);
        replica = ImageStream.create(scratch.stream("replica"), spec);
        writer = replica.writerToOwner();
        local = new LocalWrites(delivery, row, maxClaimNs);
        local.attach(replica);
    }

    /** As a local program does. */
    private void write(int frames) {
        for (int i = 0; i < frames; i++) {
            writer.write(FRAMES.of(replica.status().cnt0() + 1));
        }
    }

    /** As the relay does with a frame of the source. */
    private void publish(long count) {
        writer.claim();
        writer.publishAs(count, 0);
    }

    private void relay(long count) {
        local.beginPublication();
        publish(count);
        local.published(count);
        local.endPublication();
    }

    private void assertTakes(long count) {
        assertTrue(local.take(), () -> "no frame where " + count + " was written");
        assertEquals(count, local.fields().count());
        assertTrue(FRAMES.isWhole(local.frame(), count));
    }

    private void assertSkipped(long frames) {
        assertFalse(local.take());
        assertEquals(frames, row.value(RowCounter.WRITES_SKIPPED));
    }

    @Test
    void shouldTakeTheNewestFrameAndCountThoseThatItReplaced() {
        watch(Delivery.NEWEST, DEPTH);
        write(3);
        assertTakes(3);
        write(1);
        assertTakes(4);
        assertSkipped(2);
    }

    @Test
    void shouldTakeEveryFrameInOrder() {
        watch(Delivery.EVERY, DEPTH);
        write(DEPTH);
        for (int count = 1; count <= DEPTH; count++) {
            assertTakes(count);
        }
        assertSkipped(0);
    }

    @Test
    void shouldCountFramesThatTheRingDoesNotHold() {
        watch(Delivery.EVERY, DEPTH);
        write(DEPTH + 3);
        for (int count = 4; count <= DEPTH + 3; count++) {
            assertTakes(count);
        }
        assertSkipped(3);
    }

    @Test
    void shouldTakeTheNewestFrameAtADepthOfOne() {
        watch(Delivery.EVERY, 1);
        write(3);
        assertTakes(3);
        assertSkipped(2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotTakeFramesOfTheSource(Delivery delivery) {
        watch(delivery, DEPTH);
        for (int count = 1; count <= 2 * DEPTH; count++) {
            relay(count);
        }
        assertSkipped(0);
    }

    @Test
    void shouldKeepFramesThatAFrameOfTheSourceFollows() {
        watch(Delivery.EVERY, DEPTH);
        write(2);
        relay(1);
        assertTakes(1);
        assertTakes(2);
        assertSkipped(0);
    }

    /** The local frame is published after the check for local frames, and before the frame of the source. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldKeepFramesThatArePublishedWhileOneOfTheSourceArrives(int frames) {
        watch(Delivery.EVERY, DEPTH);
        relay(1);
        local.beginPublication();
        write(frames);
        publish(1);
        local.published(1);
        local.endPublication();
        for (int count = 2; count <= 1 + frames; count++) {
            assertTakes(count);
        }
        assertSkipped(0);
    }

    /** Both would be written into the same slot. */
    @ParameterizedTest
    @ValueSource(ints = {1, DEPTH})
    void shouldWaitForALocalFrameThatIsBeingWritten(int depth) throws InterruptedException {
        watch(Delivery.EVERY, depth);
        relay(1);
        try (FrameWriter program = replica.writerToOwner()) {
            MemorySegment frame = program.claim();
            Thread writing = Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(SHORT_NS);
                frame.copyFrom(FRAMES.of(2));
                program.publish();
            });
            local.beginPublication();
            local.awaitLocalFrame();
            assertEquals(2, replica.status().cnt0());
            publish(7);
            local.published(7);
            local.endPublication();
            writing.join();
        }
        assertTakes(2);
        assertSkipped(0);
    }

    @Test
    void shouldNotWaitLongForALocalFrameThatIsNeverPublished() {
        watch(Delivery.EVERY, DEPTH, SHORT_NS);
        relay(1);
        try (FrameWriter program = replica.writerToOwner()) {
            program.claim();
            local.beginPublication();
            local.awaitLocalFrame();
            publish(2);
            local.published(2);
            local.endPublication();
            program.abort();
        }
        assertEquals(2, replica.status().cnt0());
        assertSkipped(0);
    }

    @Test
    void shouldForgetFramesOfATimeWithoutALink() {
        watch(Delivery.EVERY, DEPTH);
        write(2);
        local.forget();
        write(1);
        assertTakes(3);
        assertSkipped(2);
    }

    @Test
    void shouldKnowWhichLocalFramesTheReplicaStillShows() {
        watch(Delivery.EVERY, DEPTH);
        write(3);
        local.beginPublication();
        assertTrue(local.isShown(1) && local.isShown(3));
        assertFalse(local.isShown(4));
        publish(2);
        local.published(2);
        local.endPublication();
        local.beginPublication();
        assertFalse(local.isShown(1) || local.isShown(2) || local.isShown(3));
        local.endPublication();
    }
}
