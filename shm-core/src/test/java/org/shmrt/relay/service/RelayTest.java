package org.shmrt.relay.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.link.PreSharedKey;
import org.shmrt.relay.link.RefusedException;
import org.shmrt.relay.status.RelaySnapshot;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.StatusReader;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.RecreationPolicy;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.FreePort;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Servers and subscribers in one JVM, over TCP. */
@Timeout(600)
class RelayTest {
    private static final Shape SHAPE = Shape.of(64, 100);
    private static final RampFrames FRAMES = new RampFrames(SHAPE.elementCount());
    private static final StreamSpec RING =
            StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(8).withKeywords(4);
    private static final Optional<PreSharedKey> KEY = Optional.of(PreSharedKey.of("0123456789abcdef0123456789abcdef"));
    private static final Optional<PreSharedKey> NO_KEY = Optional.empty();
    private static final long TIMEOUT_NS = 60_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private RelayFixture relay;
    private Path source;
    private Path local;
    private String name;
    private ImageStream stream;
    private FrameWriter writer;

    @BeforeEach
    void start() {
        relay = new RelayFixture();
        source = scratch.stream("source");
        local = scratch.stream("local");
        name = scratch.prefix() + "source";
    }

    @AfterEach
    void stop() throws Exception {
        if (stream != null) {
            closeSource();
        }
        relay.close();
    }

    /** Creates the source with some frames. Its stream and its writer are open until the end of the test. */
    private void createSource(StreamSpec spec, int frames) {
        stream = ImageStream.create(source, spec);
        writer = stream.writer();
        write(frames);
    }

    private void closeSource() {
        writer.close();
        stream.close();
    }

    private RelayServer serve(Optional<PreSharedKey> key) {
        return relay.serve(RelayFixture.serving(source, key));
    }

    /** Starts a server and a subscriber, and waits for the first frame. */
    private RelayFixture.Running copySource(Delivery delivery, Optional<PreSharedKey> key) {
        RelayFixture.Running running = get(serve(key).port(), delivery, key);
        running.await(RowCounter.FRAMES, 1);
        return running;
    }

    private RelayFixture.Running get(int port, Delivery delivery, Optional<PreSharedKey> key) {
        return relay.get(RelayFixture.getting(port, name, delivery, key), local);
    }

    private void write(int times) {
        for (int i = 0; i < times; i++) {
            long count = stream.status().cnt0() + 1;
            writer.write(FRAMES.of(count));
        }
    }

    /** Writes frames no faster than they arrive, so that no ring is too short. */
    private void writeSlowly(RelayFixture.Running running, int times) {
        for (int i = 0; i < times; i++) {
            write(1);
            running.await(RowCounter.SOURCE_COUNT, stream.status().cnt0());
        }
    }

    private void assertNewest(long count) {
        try (ImageStream stream = ImageStream.open(local, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)))) {
            MemorySegment copy = FRAMES.empty();
            assertTrue(reader.readNewest(copy, TIMEOUT_NS).hasFrame());
            assertEquals(count, reader.count());
            assertTrue(FRAMES.isWhole(copy, count));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCopyEveryFrameWithoutALoss(boolean isEncrypted) {
        Optional<PreSharedKey> key = isEncrypted ? KEY : NO_KEY;
        createSource(RING, 5);
        RelayFixture.Running running = copySource(Delivery.EVERY, key);
        try (ImageStream replica = ImageStream.open(local, Access.READ_ONLY);
                FrameReader reader = replica.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)))) {
            MemorySegment copy = FRAMES.empty();
            for (int i = 0; i < 200; i++) {
                write(1);
                assertEquals(Verdict.FRESH, reader.read(copy, TIMEOUT_NS));
                assertTrue(FRAMES.isWhole(copy, reader.count()));
            }
            assertEquals(205, reader.count());
        }
        running.await(RowCounter.FRAMES, 201); // a frame is counted after it was published
        assertEquals(201, running.value(RowCounter.FRAMES));
        assertEquals(0, running.value(RowCounter.LOST));
    }

    @Test
    void shouldSkipFramesOfAFastSourceAndCountThem() {
        createSource(RING.withDepth(1), 1);
        RelayFixture.Running running = copySource(Delivery.NEWEST, NO_KEY);
        for (int burst = 0; burst < 200; burst++) {
            write(20);
            LockSupport.parkNanos(100_000);
        }
        running.await(RowCounter.SOURCE_COUNT, 4001);

        assertEquals(4001, running.value(RowCounter.FRAMES) + running.value(RowCounter.SKIPPED));
        assertEquals(0, running.value(RowCounter.LOST));
        assertNewest(4001);
    }

    @Test
    void shouldCarryKeywordsThatChange() {
        createSource(RING, 1);
        copySource(Delivery.NEWEST, NO_KEY);

        stream.keywordTable().set(Keyword.of("gain", 5));
        try (ImageStream replica = ImageStream.open(local, Access.READ_ONLY)) {
            RelayFixture.awaitTrue(
                    () -> replica.keywordTable().find("gain").isPresent(), () -> replica.keywords() + "");
        }
    }

    @Test
    void shouldFollowASourceThatIsRemovedAndCreatedWithAnotherShape() {
        RelayServer server = serve(NO_KEY);
        createSource(RING, 3);
        RelayFixture.Running running = get(server.port(), Delivery.NEWEST, NO_KEY);
        running.await(RowCounter.SOURCE_COUNT, 3);
        closeSource();
        ImageStream.remove(source);
        createSource(StreamSpec.dao(DataType.UINT8, Shape.of(3, 3)), 0);
        writer.claim().fill((byte) 7);
        writer.publish();
        running.await(RowCounter.FRAMES, 2);

        try (ImageStream replica = ImageStream.open(local, Access.READ_ONLY)) {
            assertEquals(Shape.of(3, 3), replica.shape());
            assertEquals(1, replica.status().cnt0());
        }
        assertEquals(1, running.value(RowCounter.RESTARTS));
        assertEquals(0, running.value(RowCounter.LOST));
    }

    @Test
    void shouldGoOnAfterTheLinkWasCutAndCountTheGap() throws IOException {
        createSource(RING, 1);
        RelayServer server = serve(NO_KEY);
        try (TcpProxy proxy = new TcpProxy(server.port())) {
            RelayFixture.Running running = get(proxy.port(), Delivery.EVERY, NO_KEY);
            running.await(RowCounter.FRAMES, 1);
            writeSlowly(running, 9);
            try (ImageStream replica = ImageStream.open(local, Access.READ_ONLY);
                    FrameReader reader = replica.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)))) {
                proxy.cut();
                RelayFixture.awaitTrue(() -> isLinkDown(replica), running::toString);
                write(20);
                proxy.restore();
                running.await(RowCounter.SOURCE_COUNT, 30);
                writeSlowly(running, 5);

                assertEquals(19, running.value(RowCounter.LOST));
                assertEquals(16, running.value(RowCounter.FRAMES));
                assertEquals(25, FRAMES.readUpTo(reader, 35, TIMEOUT_NS));
            }
            assertNewest(35);
        }
    }

    private static boolean isLinkDown(ImageStream replica) {
        return replica.keywordTable().find("NET_LINK").orElseThrow().value().equals(0L);
    }

    @Test
    void shouldGoOnWithAServerThatWasRestarted() {
        createSource(RING, 1);
        RelayServer.Settings any = RelayFixture.serving(source, KEY);
        RelayServer.Settings same = RelayFixture.on(any.bind(), FreePort.tcp(), any);
        RelayServer server = relay.serve(same);
        RelayFixture.Running running = get(server.port(), Delivery.NEWEST, KEY);
        running.await(RowCounter.FRAMES, 1);
        server.close();
        write(10);
        relay.serve(same);
        running.await(RowCounter.SOURCE_COUNT, 11);

        assertEquals(9, running.value(RowCounter.LOST));
        assertEquals(2, running.value(RowCounter.CONNECTS));
    }

    @Test
    void shouldRefuseFramesThatWereAlteredOnTheWay() throws IOException {
        createSource(RING, 1);
        RelayServer server = serve(KEY);
        try (TcpProxy proxy = new TcpProxy(server.port())) {
            RelayFixture.Running running = get(proxy.port(), Delivery.NEWEST, KEY);
            running.await(RowCounter.FRAMES, 1);
            proxy.alter(bytes -> {
                bytes[bytes.length - 1] ^= 4; // never in the length of a record, as the middle of two may be
                return bytes;
            });
            write(1);
            RelayFixture.awaitTrue(
                    () -> relay.remarks().toString().contains("the owner of the key did not send"), running::toString);
            assertNewest(1);

            proxy.alter(bytes -> bytes);
            running.await(RowCounter.SOURCE_COUNT, 2);
            assertNewest(2);
        }
    }

    @Test
    void shouldRefuseClientsWithoutTheKey() {
        createSource(RING, 1);
        RelayServer server = serve(KEY);
        Optional<PreSharedKey> other = Optional.of(PreSharedKey.of("another secret of thirty-two characters"));

        Throwable withoutKey = get(server.port(), Delivery.NEWEST, NO_KEY).failure();
        assertInstanceOf(RefusedException.class, withoutKey);
        assertTrue(withoutKey.getMessage().contains("needs a key"), withoutKey.getMessage());
        Throwable wrongKey = get(server.port(), Delivery.NEWEST, other).failure();
        assertInstanceOf(LinkException.class, wrongKey);
        assertTrue(wrongKey.getMessage().contains("the same on both sides"), wrongKey.getMessage());
        assertFalse(Files.exists(local));
    }

    @Test
    void shouldRefuseAStreamThatIsNotOffered() {
        RelayServer server = serve(NO_KEY);
        for (String stranger : List.of("other", "..%2f", "passwd")) {
            Throwable failure = relay.get(RelayFixture.getting(server.port(), stranger, Delivery.NEWEST, NO_KEY), local)
                    .failure();
            assertTrue(failure.getMessage().contains("there is no stream " + stranger), failure.getMessage());
        }
    }

    @Test
    void shouldSurviveBytesThatAreNotTheProtocol() throws IOException {
        createSource(RING, 1);
        RelayServer server = serve(NO_KEY);
        for (int port : new int[] {server.port(), server.daoPort().getAsInt()}) {
            for (int i = 0; i < 20; i++) {
                byte[] bytes = new byte[700];
                new Random(i).nextBytes(bytes);
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.getOutputStream().write(bytes);
                    socket.getOutputStream().flush();
                    assertTrue(socket.getInputStream().readAllBytes().length < 300);
                } catch (IOException e) {
                    // reset by the server
                }
            }
        }

        RelayFixture.Running running = get(server.port(), Delivery.NEWEST, NO_KEY);
        running.await(RowCounter.FRAMES, 1);
    }

    @Test
    void shouldNotReserveMemoryForAFrameThatIsTooLarge() throws IOException {
        try (ServerSocket hostile = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> announceHugeFrame(hostile));
            Subscriber.Settings settings = new Subscriber.Settings(
                    new RelayAddress("127.0.0.1", hostile.getLocalPort(), "cam"),
                    RelayProtocol.DAO,
                    Delivery.NEWEST,
                    "there",
                    NO_KEY,
                    NetworkTrust.NONE,
                    Subscriber.StartPolicy.FAIL,
                    FrameRoute.CONNECTION);

            Throwable failure = relay.get(settings, local).failure();
            assertTrue(failure.getMessage().contains("a relay copies frames of at most"), failure.getMessage());
            assertFalse(Files.exists(local));
        }
    }

    /** Speaks DAO's protocol and describes a stream of 2^61 bytes. */
    private static void announceHugeFrame(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            while (socket.getInputStream().read() != '\n') {
                // the request
            }
            byte[] bytes = new byte[3 + 64 + 288];
            ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            out.put(new byte[] {'O', 'K', '\n'});
            out.putInt(3, 0x54454e44)
                    .putShort(7, (short) 1)
                    .putShort(9, (short) 1)
                    .putLong(3 + 40, 288);
            int meta = 3 + 64;
            out.put(meta, (byte) 'x').put(meta + 256, (byte) 3).put(meta + 257, (byte) 10);
            out.putInt(meta + 260, 1 << 20).putInt(meta + 264, 1 << 20).putInt(meta + 268, 1 << 18);
            out.putLong(meta + 272, 1L << 58).putLong(meta + 280, 8);
            socket.getOutputStream().write(bytes);
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            // the test reports it
        }
    }

    @Test
    void shouldListenOnOtherAddressesOnlyWithAKeyOrTrust() {
        RelayServer.Settings own = RelayFixture.serving(source, NO_KEY);
        RelayServer.Settings everywhere = RelayFixture.on("0.0.0.0", 0, own);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> relay.serve(everywhere));
        assertTrue(e.getMessage().contains("--key-file"), e.getMessage());

        RelayServer.Settings daoEverywhere = RelayFixture.on("0.0.0.0", 0, RelayFixture.serving(source, KEY));
        assertThrows(IllegalArgumentException.class, () -> relay.serve(daoEverywhere));
        assertThrows(
                IllegalArgumentException.class,
                () -> RelayClient.list(
                        new RelayAddress("192.0.2.1", 1, ""), RelayProtocol.SHM, NO_KEY, NetworkTrust.NONE));
    }

    @Test
    void shouldListStreamsButNotReplicas() {
        createSource(RING, 1);
        RelayServer.Settings own = RelayFixture.serving(source, KEY);
        RelayServer server = relay.serve(new RelayServer.Settings(
                Offer.ofDirectory(scratch.directory()),
                "here",
                "127.0.0.1",
                0,
                own.daoPort(),
                KEY,
                NetworkTrust.NONE,
                own.waiting(),
                own.writes()));
        get(server.port(), Delivery.NEWEST, KEY).await(RowCounter.FRAMES, 1);
        assertTrue(Files.exists(local));

        RelayAddress machine = new RelayAddress("127.0.0.1", server.port(), "");
        List<StreamDescription> streams = RelayClient.list(machine, RelayProtocol.SHM, KEY, NetworkTrust.NONE);
        assertEquals(
                List.of(name), streams.stream().map(StreamDescription::name).toList());
        assertEquals(SHAPE, streams.get(0).shape());
        RelayAddress dao = new RelayAddress("127.0.0.1", server.daoPort().getAsInt(), "");
        assertEquals(
                List.of(name),
                RelayClient.list(dao, RelayProtocol.DAO, NO_KEY, NetworkTrust.NONE).stream()
                        .map(StreamDescription::name)
                        .toList());
    }

    @Test
    void shouldShowItsStreamsOnThePage() {
        createSource(RING, 1);
        RelayServer server = serve(NO_KEY);
        RelayFixture.Running running = get(server.port(), Delivery.EVERY, NO_KEY);
        writeSlowly(running, 3);
        // The sender counts a frame after it has sent it, when the receiver may have counted it already.
        RelayFixture.awaitTrue(
                () -> snapshot().rows().stream().allMatch(row -> row.counters().get(RowCounter.SOURCE_COUNT) == 4),
                () -> snapshot().toString());

        RelaySnapshot snapshot = snapshot();
        assertTrue(snapshot.alive());
        assertEquals("test", snapshot.title());
        for (RelaySnapshot.Row row : snapshot.rows()) {
            assertEquals(name, row.name());
            assertEquals(4, row.counters().get(RowCounter.SOURCE_COUNT), row.toString());
            assertTrue(row.peer().contains(row.role() == RowRole.SEND ? "there" : "127.0.0.1"), row.peer());
        }
        assertEquals(2, snapshot.rows().size());
        assertTrue(Files.exists(relay.page().path()));
    }

    private static RelaySnapshot snapshot() {
        return StatusReader.all().stream()
                .filter(each -> each.pid() == ProcessHandle.current().pid())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldLetLocalReadersFollowAReplicaThatIsRemoved() {
        createSource(RING, 1);
        RelayFixture.Running running = copySource(Delivery.NEWEST, NO_KEY);
        try (ImageStream replica = ImageStream.open(local, Access.READ_ONLY);
                FrameReader reader = replica.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)))) {
            reader.onRecreation(RecreationPolicy.FOLLOW);
            ImageStream.remove(local);
            Verdict verdict = Verdict.TIMED_OUT;
            long startNs = System.nanoTime();
            while ((reader.reattachments() == 0 || !verdict.hasFrame()) && System.nanoTime() - startNs < TIMEOUT_NS) {
                write(1);
                verdict = reader.awaitNewest(50_000_000);
            }
            assertTrue(verdict.hasFrame(), running.toString());
            assertEquals(1, reader.reattachments());
        }
    }
}
