package org.shmrt.relay.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.JoinableLink;
import org.shmrt.relay.link.MulticastGroup;
import org.shmrt.relay.link.PreSharedKey;
import org.shmrt.relay.service.RelayFixture;
import org.shmrt.relay.service.RelayServer;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Frames by Aeron, also over a network that loses packets. */
@Tag("slow")
@Timeout(600)
class AeronRelayTest {
    private static final Shape SHAPE = Shape.of(100, 160);
    private static final RampFrames FRAMES = new RampFrames(SHAPE.elementCount());
    private static final StreamSpec RING =
            StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(16);
    /** Aeron repeats the packets that a receiver misses one after the other, so their number bounds the rate. */
    private static final Shape SMALL = Shape.of(64, 80);

    private static final RampFrames SMALL_FRAMES = new RampFrames(SMALL.elementCount());
    private static final int TIMES = 300;
    /** Keeps all frames, also if a busy machine lets the sender or the reader wait for seconds. */
    private static final int DEPTH = 512;

    private static final long PERIOD_NS = 10_000_000;
    private static final long DELAY_NS = 10_000_000;
    private static final Optional<PreSharedKey> KEY = Optional.of(PreSharedKey.of("0123456789abcdef0123456789abcdef"));
    private static final byte[] LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    private static final long TIMEOUT_NS = 60_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private RelayFixture relay;
    private FrameEngine engine;

    /** An engine whose receivers are reached through a lossy network. */
    private record LossyEngine(FrameEngine inner, LossyUdp network) implements FrameEngine {
        @Override
        public Receiver receiver(String host) {
            Receiver receiver = inner.receiver(host);
            String[] parts = receiver.endpoint().split("[:/]");
            network.target(Integer.parseInt(parts[1]));
            return new LossyReceiver(receiver, parts[0] + ":" + network.port() + "/" + parts[2]);
        }

        @Override
        public ByteLink sender(String endpoint) {
            return inner.sender(endpoint);
        }

        @Override
        public Optional<MulticastGroup> group() {
            return inner.group();
        }

        @Override
        public GroupSender groupSender(String host) {
            return inner.groupSender(host);
        }

        @Override
        public JoinableLink groupReceiver(String endpoint, String host) {
            return inner.groupReceiver(endpoint, host);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    private record LossyReceiver(FrameEngine.Receiver inner, String endpoint) implements FrameEngine.Receiver {
        @Override
        public void send(ByteBuffer... parts) {
            inner.send(parts);
        }

        @Override
        public void receive(ByteBuffer... parts) {
            inner.receive(parts);
        }

        @Override
        public boolean sendsInPlace() {
            return inner.sendsInPlace();
        }

        @Override
        public void boundUnsent(long bytes) {
            inner.boundUnsent(bytes);
        }

        @Override
        public String peer() {
            return inner.peer();
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    @BeforeEach
    void start() {
        Assumptions.assumeTrue(
                Object.class.getModule().isOpen("jdk.internal.misc", getClass().getModule()),
                "needs --add-opens java.base/jdk.internal.misc=ALL-UNNAMED");
        relay = new RelayFixture();
        engine = FrameEngine.named("aeron").open(FrameEngine.Settings.DEFAULT);
    }

    @AfterEach
    void stop() throws Exception {
        if (relay != null) {
            relay.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    private void copy(String host, FrameEngine receiving, Optional<PreSharedKey> key, int frames, long pauseNs) {
        Path source = scratch.stream("source");
        Path local = scratch.stream("local");
        try (ImageStream stream = ImageStream.create(source, RING);
                FrameWriter writer = stream.writer()) {
            writer.write(FRAMES.of(1));
            RelayServer server =
                    relay.serve(RelayFixture.on(host, 0, RelayFixture.serving(source, key)), Optional.of(engine));
            RelayFixture.Running running = relay.get(
                    RelayFixture.getting(host, server.port(), scratch.prefix() + "source", Delivery.EVERY, key),
                    local,
                    Optional.of(receiving));
            running.await(RowCounter.FRAMES, 1);
            try (ImageStream replica = ImageStream.open(local, Access.READ_ONLY);
                    FrameReader reader = replica.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)))) {
                MemorySegment copy = FRAMES.empty();
                for (long count = 2; count <= frames; count++) {
                    writer.write(FRAMES.of(count));
                    LockSupport.parkNanos(pauseNs);
                    assertEquals(Verdict.FRESH, reader.read(copy, TIMEOUT_NS), running::toString);
                    assertTrue(FRAMES.isWhole(copy, reader.count()));
                }
            }
            running.await(RowCounter.FRAMES, frames); // a frame is counted after it was published
            assertEquals(frames, running.value(RowCounter.FRAMES));
            assertEquals(0, running.value(RowCounter.LOST));
        }
    }

    @Test
    void shouldRemoveTheDirectoryOfAKilledRelay() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path left = Files.createDirectories(scratch.directory().resolve("shmrt-aeron." + ended.pid() + "-1/images"));
        Files.write(left.resolve("1.logbuffer"), new byte[100]);
        Path used = Files.createDirectory(scratch.directory()
                .resolve("shmrt-aeron." + ProcessHandle.current().pid() + "-99"));
        Path other = Files.createDirectory(scratch.directory().resolve("shmrt-aeron.mine"));

        Path next = DriverDirectory.next(scratch.directory());

        assertEquals(scratch.directory(), next.getParent());
        assertTrue(Files.notExists(left.getParent()));
        assertTrue(Files.exists(used) && Files.exists(other));
        Files.delete(used);
        Files.delete(other);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCopyEveryFrame(boolean isEncrypted) {
        copy("127.0.0.1", engine, isEncrypted ? KEY : Optional.empty(), 100, 0);
    }

    @Test
    void shouldCopyEveryFrameByIpv6() {
        Assumptions.assumeTrue(hasIpv6Loopback(), "this machine has no IPv6");
        copy("::1", engine, KEY, 20, 0);
    }

    private static boolean hasIpv6Loopback() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void shouldCopyEveryFrameOverANetworkThatLosesPackets() throws IOException {
        try (LossyUdp network = new LossyUdp(0.02, 0)) {
            copy("127.0.0.1", new LossyEngine(engine, network), Optional.empty(), 200, 0);
            assertTrue(network.dropped() > 0);
        }
    }

    /** The link of {@link RelayNetworkTest} for machines where the kernel cannot make it. */
    @Test
    void shouldLoseNothingAt100HzOverANetworkThatLosesAndDelaysPackets() throws Exception {
        Path source = scratch.stream("source");
        Path local = scratch.stream("local");
        try (LossyUdp network = new LossyUdp(0.02, DELAY_NS);
                ImageStream stream = ImageStream.create(
                        source, StreamSpec.dao(DataType.UINT16, SMALL).withDepth(DEPTH));
                FrameWriter writer = stream.writer()) {
            writer.write(SMALL_FRAMES.of(1));
            RelayServer server = relay.serve(RelayFixture.serving(source, KEY), Optional.of(engine));
            RelayFixture.Running running = relay.get(
                    RelayFixture.getting(server.port(), scratch.prefix() + "source", Delivery.EVERY, KEY),
                    local,
                    Optional.of(new LossyEngine(engine, network)));
            running.await(RowCounter.FRAMES, 1);
            try (ImageStream replica = ImageStream.open(local, Access.READ_ONLY);
                    FrameReader reader = replica.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)))) {
                Thread writing = Thread.ofPlatform().start(() -> writeAt100Hz(writer));
                assertEquals(TIMES - 1, SMALL_FRAMES.readUpTo(reader, TIMES, TIMEOUT_NS));
                assertEquals(0, reader.lostTotal() + reader.restarts());
                writing.join();
            }
            assertEquals(0, running.value(RowCounter.LOST));
            assertTrue(network.dropped() > 0);
        }
    }

    private static void writeAt100Hz(FrameWriter writer) {
        long dueNs = System.nanoTime();
        for (int count = 2; count <= TIMES; count++) {
            writer.write(SMALL_FRAMES.of(count));
            dueNs += PERIOD_NS;
            LockSupport.parkNanos(Math.max(0, dueNs - System.nanoTime()));
        }
    }
}
