package org.shmrt.relay.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.FrameFields;
import org.shmrt.relay.Replica;
import org.shmrt.relay.ReplicaSettings;
import org.shmrt.relay.SourceWriter;
import org.shmrt.relay.SourceWrites;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.link.MemoryLink;
import org.shmrt.relay.link.TcpLink;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.SmallFileSystem;

/** A relay that writes sparse streams on a full file system. */
@Timeout(600)
class RelayNoSpaceTest {
    private static final Shape SHAPE = Shape.of(300, 1024);
    private static final int FRAME_BYTES = 300 * 1024;
    /** The keywords are at the end of a file. */
    private static final int TAIL_BYTES = 16384;

    private static final long LONG_NS = 100_000_000_000L;

    @Order(1)
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @Order(2)
    @RegisterExtension
    final SmallFileSystem small = new SmallFileSystem(scratch);

    private StatusPage page;
    private StatusRow row;
    private Path path;

    @BeforeEach
    void createPage() {
        page = StatusPage.create("test");
        row = page.row(RowRole.RECEIVE, "cam", "rtc1", "test");
        path = small.directory().resolve(scratch.prefix() + "cam.im.shm");
    }

    @AfterEach
    void closePage() {
        row.close();
        page.close();
    }

    private static FrameFields fields(long count) {
        FrameFields fields = new FrameFields();
        fields.set(count, 0, 1_700_000_000_000_000_000L, 0);
        return fields;
    }

    /** A frame as its owner sends it. */
    private static byte[] frameMessage() {
        ByteBuffer header = new FrameHeader(ShmProtocol.INSTANCE).frame(fields(1), FRAME_BYTES);
        ByteBuffer message = ByteBuffer.allocate(header.remaining() + FRAME_BYTES + Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        message.put(header);
        message.putLong(message.capacity() - Long.BYTES, 1);
        return message.array();
    }

    /** At depth 1 a frame is received in a buffer, else in place. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldSayThatThereIsNoSpaceForAReceivedFrame(int depth) throws IOException {
        StreamDescription description =
                new StreamDescription("cam", "dao", DataType.UINT8, SHAPE, depth, 1, 5, List.of());
        try (Replica replica = new Replica(new ReplicaSettings(path, "rtc1.example.org", Delivery.NEWEST), row)) {
            replica.describe(description);
            SmallFileSystem.makeSparse(path, 8192, TAIL_BYTES);
            ReceiveSession session = new ReceiveSession(
                    new MemoryLink(frameMessage()),
                    ShmProtocol.INSTANCE,
                    new FrameHeader(ShmProtocol.INSTANCE),
                    replica,
                    row,
                    1);
            try (UnlinkedFile filler = small.fill()) {
                assertNotNull(filler);
                small.assertNoSpace(assertThrows(ShmException.class, session::run));
            }
        }
        ImageStream.remove(path);
    }

    /** There the kernel stores the frame, and reports an address that it cannot store to. */
    @Test
    void shouldSayThatThereIsNoSpaceForAFrameReceivedOverTcp() throws IOException {
        StreamDescription description = new StreamDescription("cam", "dao", DataType.UINT8, SHAPE, 2, 1, 5, List.of());
        try (Replica replica = new Replica(new ReplicaSettings(path, "rtc1.example.org", Delivery.NEWEST), row);
                ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel sender = SocketChannel.open(server.getLocalAddress());
                TcpLink link = new TcpLink(server.accept(), LONG_NS, LONG_NS)) {
            replica.describe(description);
            SmallFileSystem.makeSparse(path, 8192, TAIL_BYTES);
            Thread sending = Thread.ofVirtual().start(() -> {
                try {
                    sender.write(ByteBuffer.wrap(frameMessage()));
                } catch (IOException e) {
                    // the receiver has closed the link
                }
            });
            ReceiveSession session = new ReceiveSession(
                    link, ShmProtocol.INSTANCE, new FrameHeader(ShmProtocol.INSTANCE), replica, row, 1);
            try (UnlinkedFile filler = small.fill()) {
                assertNotNull(filler);
                small.assertNoSpace(assertThrows(ShmException.class, session::run));
            }
            sending.interrupt();
        }
        ImageStream.remove(path);
    }

    @Test
    void shouldSayThatThereIsNoSpaceForAFrameOfASubscriberAndPublishTheNextOne() throws IOException {
        ImageStream.create(path, StreamSpec.dao(DataType.UINT8, SHAPE).withDepth(2))
                .close();
        SmallFileSystem.makeSparse(path, 8192, 1);
        List<String> remarks = new ArrayList<>();
        try (SourceWriter writer = new SourceWriter(SourceWrites.ALLOWED, path, row, remarks::add)) {
            assertTrue(writer.accepts(FRAME_BYTES));
            try (UnlinkedFile filler = small.fill()) {
                assertNotNull(filler);
                writer.publish(fields(1));
            }
            assertEquals(1, remarks.size());
            assertTrue(remarks.get(0).contains("no space for " + path), remarks.get(0));

            assertTrue(writer.accepts(FRAME_BYTES));
            writer.publish(fields(1));
            assertEquals(1, remarks.size());
        }
        try (ImageStream stream = ImageStream.open(path)) {
            assertEquals(1, stream.status().cnt0());
        }
        ImageStream.remove(path);
    }
}
