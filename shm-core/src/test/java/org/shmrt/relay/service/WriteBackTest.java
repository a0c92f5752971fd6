package org.shmrt.relay.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.error.BusyException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.ReplicaSettings;
import org.shmrt.relay.link.PreSharedKey;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Frames that local programs write into a replica, on their way to the source. */
@Timeout(600)
class WriteBackTest {
    private static final Shape SHAPE = Shape.of(20, 30);
    private static final RampFrames FRAMES = new RampFrames(SHAPE.elementCount());
    private static final StreamSpec RING =
            StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(4).withKeywords(2);
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final Optional<PreSharedKey> KEY = Optional.of(PreSharedKey.of("0123456789abcdef0123456789abcdef"));

    /** How the two sides speak. */
    enum Way {
        PLAIN(RelayProtocol.SHM),
        ENCRYPTED(RelayProtocol.SHM),
        DAO(RelayProtocol.DAO);

        private final RelayProtocol protocol;

        Way(RelayProtocol protocol) {
            this.protocol = protocol;
        }

        private Optional<PreSharedKey> key() {
            return this == ENCRYPTED ? KEY : Optional.empty();
        }
    }

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private RelayFixture relay;
    private Path source;
    private Path local;

    @BeforeEach
    void start() {
        relay = new RelayFixture();
        source = scratch.stream("source");
        local = scratch.stream("local");
    }

    @AfterEach
    void stop() throws Exception {
        relay.close();
    }

    private RelayFixture.Running get(RelayServer server, Way way) {
        return get(server, way, Delivery.NEWEST);
    }

    private RelayFixture.Running get(RelayServer server, Way way, Delivery delivery) {
        int port = way.protocol == RelayProtocol.DAO ? server.daoPort().getAsInt() : server.port();
        Subscriber.Settings settings = new Subscriber.Settings(
                new RelayAddress("127.0.0.1", port, scratch.prefix() + "source"),
                way.protocol,
                delivery,
                "there",
                way.key(),
                NetworkTrust.NONE,
                Subscriber.StartPolicy.FAIL,
                FrameRoute.CONNECTION);
        ReplicaSettings replica = new ReplicaSettings(
                local,
                "127.0.0.1",
                delivery,
                OptionalInt.empty(),
                StreamSpec.FORMAT_PERMISSIONS,
                ReplicaSettings.Existing.KEEP,
                ReplicaSettings.WriteBack.TO_OWNER);
        return relay.get(settings, replica, Optional.empty());
    }

    /** Waits for the relay, which is the writer for a moment longer than its frame takes to appear. */
    private void write(ImageStream stream, long count) {
        try (FrameWriter writer = awaitWriter(stream)) {
            assertEquals(count, writer.write(FRAMES.of(count)));
        }
    }

    private FrameWriter awaitWriter(ImageStream stream) {
        AtomicReference<FrameWriter> writer = new AtomicReference<>();
        RelayFixture.awaitTrue(
                () -> {
                    try {
                        writer.set(stream.writer());
                        return true;
                    } catch (BusyException e) {
                        return false;
                    }
                },
                () -> "a writer of the source beside " + relay.remarks());
        return writer.get();
    }

    private static void assertNewest(ImageStream stream, long count) {
        try (FrameReader reader = stream.reader(WaitStrategy.spin())) {
            MemorySegment copy = FRAMES.empty();
            assertTrue(reader.newest().hasFrame() && reader.copyTo(copy));
            assertEquals(count, reader.count());
            assertTrue(FRAMES.isWhole(copy, count));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldPublishALocalFrameAtTheSource(Way way) {
        try (ImageStream stream = ImageStream.create(source, RING)) {
            write(stream, 1);
            RelayServer server = relay.serve(RelayFixture.allowingWrites(RelayFixture.serving(source, way.key())));
            RelayFixture.Running running = get(server, way);
            running.await(RowCounter.FRAMES, 1);
            try (ImageStream replica = ImageStream.open(local);
                    FrameWriter writer = replica.writerToOwner()) {
                assertEquals(2, writer.write(FRAMES.of(2)));
                RelayFixture.awaitTrue(() -> stream.status().cnt0() == 2, running::toString);
                assertNewest(stream, 2);
                running.await(RowCounter.SOURCE_COUNT, 2);
                running.await(RowCounter.WRITES, 1);

                write(stream, 3);
                running.await(RowCounter.SOURCE_COUNT, 3);
                assertNewest(replica, 3);
                assertEquals(4, writer.write(FRAMES.of(4)));
                RelayFixture.awaitTrue(() -> stream.status().cnt0() == 4, running::toString);
                running.await(RowCounter.SOURCE_COUNT, 4);
            }
            assertEquals(4, stream.status().cnt0());
            assertEquals(0, running.value(RowCounter.LOST) + running.value(RowCounter.SKIPPED));
        }
    }

    /** Frames that are written within the same half millisecond, and while others are on the way. */
    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"PLAIN", "ENCRYPTED"})
    void shouldPublishEveryLocalFrameInOrderIfEveryFrameIsAskedFor(Way way) {
        int bursts = 40;
        int size = 6;
        try (ImageStream stream = ImageStream.create(source, RING.withDepth(512));
                FrameReader reader = stream.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)))) {
            RelayServer server = relay.serve(RelayFixture.allowingWrites(RelayFixture.serving(source, way.key())));
            write(stream, 1);
            RelayFixture.Running running = get(server, way, Delivery.EVERY);
            running.await(RowCounter.FRAMES, 1);
            try (ImageStream replica = ImageStream.open(local);
                    FrameReader local = replica.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)));
                    FrameWriter writer = replica.writerToOwner()) {
                long count = 1;
                for (int burst = 0; burst < bursts; burst++) {
                    for (int i = 0; i < size; i++) {
                        count++;
                        assertEquals(count, writer.write(FRAMES.of(count)));
                    }
                    long written = count;
                    RelayFixture.awaitTrue(() -> stream.status().cnt0() > written - size, running::toString);
                }
                running.await(RowCounter.SOURCE_COUNT, count);

                assertEquals(count - 1, FRAMES.readUpTo(local, count, TIMEOUT_NS));
                assertEquals(0, local.restarts() + local.lostTotal());
                assertEquals(count - 1, running.value(RowCounter.WRITES));
                assertEquals(count, running.value(RowCounter.FRAMES));
            }
            assertEquals(1 + bursts * size, FRAMES.readUpTo(reader, 1 + bursts * size, TIMEOUT_NS));
            assertEquals(0, reader.restarts() + reader.lostTotal());
            assertEquals(0, running.value(RowCounter.WRITES_SKIPPED) + running.value(RowCounter.LOST));
        }
    }

    @Test
    void shouldDropALocalFrameThatTheSourceDoesNotAccept() {
        try (ImageStream stream = ImageStream.create(source, RING)) {
            write(stream, 1);
            RelayServer server = relay.serve(RelayFixture.serving(source, KEY));
            RelayFixture.Running running = get(server, Way.ENCRYPTED);
            running.await(RowCounter.FRAMES, 1);
            try (ImageStream replica = ImageStream.open(local);
                    FrameWriter writer = replica.writerToOwner()) {
                writer.write(FRAMES.of(7));
                running.await(RowCounter.WRITES, 1);
                write(stream, 2);
                running.await(RowCounter.SOURCE_COUNT, 2);
                assertNewest(replica, 2);
            }
            assertNewest(stream, 2);
        }
    }

    /** The lock of the writer protects its frames; the next frame is accepted again. */
    @Test
    void shouldNotWriteBesideAWriterOfTheSource() {
        try (ImageStream stream = ImageStream.create(source, RING)) {
            RelayServer server = relay.serve(RelayFixture.allowingWrites(RelayFixture.serving(source, KEY)));
            RelayFixture.Running running;
            try (FrameWriter writer = stream.writer()) {
                writer.write(FRAMES.of(1));
                running = get(server, Way.ENCRYPTED);
                running.await(RowCounter.FRAMES, 1);
                writeLocally(FRAMES.of(7));
                RelayFixture.awaitTrue(
                        () -> relay.remarks().toString().contains("is being written by"), running::toString);
                assertEquals(1, stream.status().cnt0());
            }
            writeLocally(FRAMES.of(2));
            RelayFixture.awaitTrue(() -> stream.status().cnt0() == 2, running::toString);
            assertNewest(stream, 2);
        }
    }

    private void writeLocally(MemorySegment frame) {
        try (ImageStream replica = ImageStream.open(local);
                FrameWriter writer = replica.writerToOwner()) {
            writer.write(frame);
        }
    }

    /** A command that could not be sent must not be executed minutes later. */
    @Test
    void shouldNotSendAFrameThatWasWrittenWhileTheLinkWasDown() {
        try (ImageStream stream = ImageStream.create(source, RING)) {
            write(stream, 1);
            RelayServer.Settings settings = RelayFixture.allowingWrites(RelayFixture.serving(source, KEY));
            RelayServer server = relay.serve(settings);
            int port = server.port();
            RelayFixture.Running running = get(server, Way.ENCRYPTED);
            running.await(RowCounter.FRAMES, 1);
            server.close();
            RelayFixture.awaitTrue(() -> link() == 0, running::toString);
            writeLocally(FRAMES.of(7));
            relay.serve(RelayFixture.on("127.0.0.1", port, settings));
            running.await(RowCounter.CONNECTS, 2);
            RelayFixture.awaitTrue(() -> link() == 1, running::toString);

            write(stream, 2);
            running.await(RowCounter.SOURCE_COUNT, 2);
            assertEquals(0, running.value(RowCounter.WRITES));
            assertEquals(1, running.value(RowCounter.WRITES_SKIPPED));
            assertNewest(stream, 2);
        }
    }

    private long link() {
        try (ImageStream replica = ImageStream.open(local, Access.READ_ONLY)) {
            return (long) replica.keywordTable().find("NET_LINK").orElseThrow().value();
        }
    }
}
