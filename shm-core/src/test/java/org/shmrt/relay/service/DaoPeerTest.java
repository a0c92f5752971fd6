package org.shmrt.relay.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.link.RefusedException;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** DAO's protocol against a peer in Python, on either side. */
@Timeout(600)
class DaoPeerTest {
    private static final String PEER = "dao_net_peer.py";
    private static final RampFrames FRAMES = new RampFrames(24);
    private static final long TIMEOUT_NS = 60_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private RelayFixture relay;
    private Path path;

    @BeforeEach
    void start() {
        PythonPeer.assumePresent();
        relay = new RelayFixture();
        path = scratch.stream("s");
    }

    @AfterEach
    void stop() throws Exception {
        if (relay != null) {
            relay.close();
        }
    }

    private RelayFixture.Running get(int port, String stream) {
        Subscriber.Settings settings = new Subscriber.Settings(
                new RelayAddress("127.0.0.1", port, stream),
                RelayProtocol.DAO,
                Delivery.NEWEST,
                "there",
                Optional.empty(),
                NetworkTrust.NONE,
                Subscriber.StartPolicy.FAIL,
                FrameRoute.CONNECTION);
        return relay.get(settings, path);
    }

    private static int port(ChildProcess peer) {
        return Integer.parseInt(peer.line().substring("port ".length()));
    }

    private void assertNewest(long count) {
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            MemorySegment copy = FRAMES.empty();
            assertTrue(reader.readNewest(copy, TIMEOUT_NS).hasFrame());
            assertEquals(count, reader.count());
            assertTrue(FRAMES.isWhole(copy, count));
            assertEquals(1_700_000_000_000_000_000L + count, reader.acquiredNs());
        }
    }

    private Object keyword(String name) {
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            return stream.keywordTable().find(name).orElseThrow().value();
        }
    }

    @Test
    void shouldCopyAStreamOfTheService() {
        try (ChildProcess peer = PythonPeer.start(PEER, "own")) {
            RelayFixture.Running running = get(port(peer), "cam");
            peer.expect("SUBSCRIBE cam there");
            peer.send("meta 4x6 7");
            peer.send("frame 100 0");
            running.await(RowCounter.FRAMES, 1);
            assertNewest(100);
            assertEquals(7L, keyword("gain"));
            assertEquals("127.0.0.1", keyword("NET_REPLICA"));
            try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
                assertEquals(Shape.of(4, 6), stream.shape());
                assertEquals(DataType.UINT16, stream.type());
                assertEquals(8, stream.keywordTable().capacity());
                assertEquals("NET_LINK", stream.keywords().getLast().name());
            }

            peer.send("torn 101");
            peer.send("frame 105 4");
            running.await(RowCounter.FRAMES, 2);
            assertNewest(105);
            assertEquals(4, running.value(RowCounter.SKIPPED));
            assertEquals(4L, keyword("NET_DROPPED"));
            peer.send("beat");
            peer.expect("heard 3");

            peer.send("meta 4x6 8");
            peer.send("frame 106 4");
            running.await(RowCounter.FRAMES, 3);
            assertEquals(8L, keyword("gain"));

            peer.send("drop");
            peer.expect("SUBSCRIBE cam there");
            peer.send("meta 4x6 8");
            peer.send("frame 110 0");
            running.await(RowCounter.FRAMES, 4);
            assertEquals(3, running.value(RowCounter.LOST));

            peer.send("bye");
            peer.expect("SUBSCRIBE cam there");
            peer.send("meta 3x8 8");
            peer.send("frame 1 0");
            running.await(RowCounter.FRAMES, 5);
            try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
                assertEquals(Shape.of(3, 8), stream.shape());
            }
        }
    }

    @Test
    void shouldReportThatTheServiceHasNoSuchStream() {
        try (ChildProcess peer = PythonPeer.start(PEER, "own")) {
            Throwable failure = get(port(peer), "other").failure();

            assertTrue(failure instanceof RefusedException, failure.toString());
            assertTrue(failure.getMessage().contains("no such SHM here"), failure.getMessage());
        }
    }

    @Test
    void shouldServeASubscriberOfTheService() {
        try (ImageStream stream = ImageStream.create(
                        path,
                        StreamSpec.dao(DataType.UINT16, Shape.of(4, 6))
                                .withDepth(3)
                                .withKeywords(4));
                FrameWriter writer = stream.writer()) {
            stream.keywordTable().set(Keyword.of("gain", 7).withComment("a comment"));
            writer.write(FRAMES.of(1));
            RelayServer server = relay.serve(RelayFixture.serving(path, Optional.empty()));
            String name = scratch.prefix() + "s";
            try (ChildProcess peer =
                    PythonPeer.start(PEER, "read", server.daoPort().getAsInt(), name, 3)) {
                peer.expect("NODE here 3");
                peer.expect("SHM " + name + " 2 4 6 1 3 4 3 0");
                peer.expect("END");
                peer.expect("OK");
                peer.expect("meta " + name + " 2 3 4 4 6 1 24 2");
                peer.expect("keyword gain L 7 a comment");
                peer.expect("frame 1 0 whole timed");
                writer.write(FRAMES.of(2));
                // On a busy machine a heartbeat may come before the frame.
                assertEquals("frame 2 0 whole timed", peer.lineWith("frame"));
                assertEquals("heartbeat", peer.lineWith("heartbeat"));
                writer.write(FRAMES.of(3));
                assertEquals("frame 3 0 whole timed", peer.lineWith("frame"));
                peer.finish();
            }
        }
    }

    @Test
    void shouldPublishWhatASubscriberWritesIfItMay() {
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT16, Shape.of(4, 6)))) {
            try (FrameWriter writer = stream.writer()) {
                writer.write(FRAMES.of(1));
            }
            RelayServer server = relay.serve(RelayFixture.allowingWrites(RelayFixture.serving(path, Optional.empty())));
            try (ChildProcess peer =
                    PythonPeer.start(PEER, "write", server.daoPort().getAsInt(), scratch.prefix() + "s", 2)) {
                peer.expect("OK");
                peer.expect("echo 2");
                peer.expect("sent 48");
                RelayFixture.awaitTrue(() -> stream.status().cnt0() == 2, () -> "the frame of the peer");
                peer.finish();
            }
        }
    }

    @Test
    void shouldNotLetASubscriberWrite() {
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT16, Shape.of(4, 6)));
                FrameWriter writer = stream.writer()) {
            writer.write(FRAMES.of(1));
            RelayServer server = relay.serve(RelayFixture.serving(path, Optional.empty()));
            try (ChildProcess peer =
                    PythonPeer.start(PEER, "write", server.daoPort().getAsInt(), scratch.prefix() + "s")) {
                peer.expect("OK");
                peer.expect("sent 48");
                peer.finish();
            }
            assertEquals(1, stream.status().cnt0());
            assertNewestIsWhole(stream);
        }
    }

    private static void assertNewestIsWhole(ImageStream stream) {
        try (FrameReader reader = stream.reader(WaitStrategy.spin())) {
            MemorySegment copy = FRAMES.empty();
            assertTrue(reader.readNewest(copy, TIMEOUT_NS).hasFrame());
            assertTrue(FRAMES.isWhole(copy, 1));
        }
    }
}
