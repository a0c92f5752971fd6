package org.shmrt.relay.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.SourceFeed;
import org.shmrt.relay.SourceWait;
import org.shmrt.relay.link.MemoryLink;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** How frames are sent while their writer overwrites them, and to receivers that join. */
@Timeout(600)
class SendSessionTest {
    private static final Shape SHAPE = Shape.of(4, 6);
    private static final RampFrames FRAMES = new RampFrames(SHAPE.elementCount());
    private static final int FRAME_BYTES = 48;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    /** A link whose messages the test takes one by one; it runs an action while it sends the first pixels. */
    private static final class Wire extends MemoryLink {
        private final BlockingQueue<byte[]> parts = new LinkedBlockingQueue<>();
        private Runnable duringPixels = () -> {};
        private boolean sendsInPlace = true;

        private Wire() {
            super(new byte[0]);
        }

        @Override
        public void send(ByteBuffer... all) {
            for (ByteBuffer part : all) {
                if (part.remaining() == FRAME_BYTES) {
                    duringPixels.run();
                    duringPixels = () -> {};
                }
                byte[] bytes = new byte[part.remaining()];
                part.get(bytes);
                parts.add(bytes);
            }
        }

        @Override
        public boolean sendsInPlace() {
            return sendsInPlace;
        }

        private ByteBuffer next() throws InterruptedException {
            byte[] part = parts.poll(60, TimeUnit.SECONDS);
            assertTrue(part != null, "nothing was sent");
            return ByteBuffer.wrap(part).order(ByteOrder.LITTLE_ENDIAN);
        }

        /** The header of the next message that is not a heartbeat. */
        private ByteBuffer nextHeader() throws InterruptedException {
            ByteBuffer header = next();
            while (header.getShort(6) == 3) {
                header = next();
            }
            return header;
        }
    }

    private static SendSession session(Wire wire, SourceFeed feed, StatusRow row) {
        return new SendSession(
                wire,
                ShmProtocol.INSTANCE,
                new FrameHeader(ShmProtocol.INSTANCE),
                feed,
                Delivery.EVERY,
                row,
                count -> 0);
    }

    private static void write(FrameWriter writer, long count) {
        writer.write(FRAMES.of(count));
    }

    @Test
    void shouldNotConfirmAFrameThatWasOverwrittenAndCopyTheNextOnes() throws InterruptedException {
        Path path = scratch.stream("s");
        Wire wire = new Wire();
        try (StatusPage page = StatusPage.create("test");
                StatusRow row = page.row(RowRole.SEND, "cam", "there", "test");
                ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(2));
                FrameWriter writer = stream.writer();
                SourceFeed feed = new SourceFeed("cam", path, Delivery.EVERY, SourceWait.IDLE)) {
            write(writer, 1);
            wire.duringPixels = () -> {
                write(writer, 2);
                write(writer, 3);
            };
            SendSession session = session(wire, feed, row);
            Thread sending = Thread.ofPlatform().daemon().start(session::run);

            assertEquals(1, wire.nextHeader().getShort(6));
            wire.next(); // the description
            assertEquals(1, wire.nextHeader().getLong(16));
            wire.next(); // a mixture
            assertNotEquals(1, wire.next().getLong());

            ByteBuffer header = wire.nextHeader();
            long count = header.getLong(16);
            assertTrue(FRAMES.isWhole(MemorySegment.ofBuffer(wire.next()), count));
            assertEquals(count, wire.next().getLong());
            session.stop();
            ByteBuffer last = wire.nextHeader();
            while (last.getShort(6) == 2) {
                wire.next();
                wire.next();
                last = wire.nextHeader();
            }
            assertEquals(5, last.getShort(6));
            sending.join();
            assertTrue(row.value(RowCounter.LOST) >= 1);
        }
    }

    /** Else it would have no frame until the next one, which may be hours later. */
    @Test
    void shouldRepeatTheLastFrameForAReceiverThatJoins() throws InterruptedException {
        Path path = scratch.stream("s");
        Wire wire = new Wire();
        wire.sendsInPlace = false;
        try (StatusPage page = StatusPage.create("test");
                StatusRow row = page.row(RowRole.SEND, "cam", "there", "test");
                ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(4));
                FrameWriter writer = stream.writer();
                SourceFeed feed = new SourceFeed("cam", path, Delivery.EVERY, SourceWait.IDLE)) {
            SendSession session = session(wire, feed, row);
            Thread sending = Thread.ofPlatform().daemon().start(session::run);
            takeDescription(wire);
            session.receiverJoined();
            takeDescription(wire);
            write(writer, 1);
            takeFrame(wire, 1);
            session.receiverJoined();
            takeDescription(wire);
            takeFrame(wire, 1);
            write(writer, 2);
            takeFrame(wire, 2);
            session.stop();
            assertEquals(5, wire.nextHeader().getShort(6));
            sending.join();
            assertEquals(2, row.value(RowCounter.FRAMES));
            assertEquals(0, row.value(RowCounter.LOST));
        }
    }

    private static void takeDescription(Wire wire) throws InterruptedException {
        assertEquals(1, wire.nextHeader().getShort(6));
        wire.next();
    }

    private static void takeFrame(Wire wire, long count) throws InterruptedException {
        ByteBuffer header = wire.nextHeader();
        assertEquals(2, header.getShort(6));
        assertEquals(count, header.getLong(16));
        assertTrue(FRAMES.isWhole(MemorySegment.ofBuffer(wire.next()), count));
        assertEquals(count, wire.next().getLong());
    }
}
