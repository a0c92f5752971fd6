package org.shmrt.relay.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.RandomLossGenerator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
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
import org.shmrt.relay.ReplicaSettings;
import org.shmrt.relay.SourceWrites;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.MulticastGroup;
import org.shmrt.relay.link.PreSharedKey;
import org.shmrt.relay.service.FrameRoute;
import org.shmrt.relay.service.RelayFixture;
import org.shmrt.relay.service.RelayServer;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.FreePort;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** One sender, and subscribers that each have an engine of their own, as on different machines; on loopback. */
@Tag("slow")
@Timeout(600)
class MulticastRelayTest {
    private static final Shape SHAPE = Shape.of(64, 80);
    private static final RampFrames FRAMES = new RampFrames(SHAPE.elementCount());
    private static final StreamSpec RING =
            StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(64).withKeywords(4);
    private static final Optional<PreSharedKey> KEY = Optional.of(PreSharedKey.of("0123456789abcdef0123456789abcdef"));
    private static final Optional<PreSharedKey> NO_KEY = Optional.empty();
    private static final double LOSS = 0.02;
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final long IDLE_NS = 100_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final List<AutoCloseable> engines = new ArrayList<>();
    private RelayFixture relay;
    private ImageStream stream;
    private FrameWriter writer;
    private RelayServer server;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(
                Object.class.getModule().isOpen("jdk.internal.misc", getClass().getModule()),
                "needs --add-opens java.base/jdk.internal.misc=ALL-UNNAMED");
        String obstacle = MulticastProbe.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), obstacle);
        relay = new RelayFixture();
        stream = ImageStream.create(scratch.stream("source"), RING);
        writer = stream.writer();
    }

    @AfterEach
    void stop() throws Exception {
        if (relay == null) {
            return;
        }
        relay.close();
        for (AutoCloseable engine : engines.reversed()) {
            engine.close();
        }
        writer.close();
        stream.close();
    }

    private FrameEngine engine(FrameEngine.Settings settings) {
        FrameEngine engine = FrameEngine.named("aeron").open(settings);
        engines.add(engine);
        return engine;
    }

    private FrameEngine engine() {
        return engine(FrameEngine.Settings.DEFAULT);
    }

    private void serve(Optional<PreSharedKey> key) {
        serve(key, SourceWrites.REFUSED);
    }

    private void serve(Optional<PreSharedKey> key, SourceWrites writes) {
        FrameEngine.Settings own = FrameEngine.Settings.DEFAULT;
        MulticastGroup group = MulticastGroup.parse("239.255.77.21:" + FreePort.udp());
        FrameEngine engine = engine(
                new FrameEngine.Settings(own.driverDirectory(), own.mtuBytes(), own.windowBytes(), Optional.of(group)));
        RelayServer.Settings any = RelayFixture.serving(stream.path(), key);
        RelayServer.Settings settings = RelayFixture.on(any.bind(), FreePort.tcp(), any);
        server = relay.serve(
                writes == SourceWrites.ALLOWED ? RelayFixture.allowingWrites(settings) : settings, Optional.of(engine));
    }

    private RelayFixture.Running join(String local, Optional<PreSharedKey> key, FrameEngine engine) {
        RelayFixture.Running running = relay.join(
                RelayFixture.getting(server.port(), scratch.prefix() + "source", Delivery.EVERY, key),
                scratch.stream(local),
                engine);
        running.await(RowCounter.FRAMES, 1);
        return running;
    }

    private FrameReader reader(ImageStream replica) {
        return replica.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)));
    }

    private ImageStream open(String local) {
        return ImageStream.open(scratch.stream(local), Access.READ_ONLY);
    }

    /** Writes frames no faster than all members get them. */
    private void write(int frames, RelayFixture.Running... members) {
        for (int i = 0; i < frames; i++) {
            long count = stream.status().cnt0() + 1;
            writer.write(FRAMES.of(count));
            for (RelayFixture.Running member : members) {
                member.await(RowCounter.SOURCE_COUNT, count);
            }
        }
    }

    private void assertNewest(String local, long count) {
        try (ImageStream replica = open(local);
                FrameReader reader = reader(replica)) {
            assertTrue(reader.newest().hasFrame());
            assertEquals(count, reader.count());
            assertTrue(FRAMES.isWhole(reader.frame(), count));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendEachFrameOnceToAllMembers(boolean isEncrypted) throws Exception {
        Optional<PreSharedKey> key = isEncrypted ? KEY : NO_KEY;
        write(1);
        serve(key);
        RelayFixture.Running one = join("one", key, engine());
        RelayFixture.Running two = join("two", key, engine());
        write(200, one, two);

        for (RelayFixture.Running member : List.of(one, two)) {
            assertEquals(0, member.value(RowCounter.LOST), member::toString);
            assertEquals(1, member.value(RowCounter.CONNECTS), member::toString);
        }
        assertEquals(201, one.value(RowCounter.FRAMES));
        assertNewest("one", 201);
        assertNewest("two", 201);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetAMemberJoinWhileFramesAreSent(boolean isEncrypted) throws Exception {
        Optional<PreSharedKey> key = isEncrypted ? KEY : NO_KEY;
        write(1);
        serve(key);
        RelayFixture.Running early = join("early", key, engine());
        AtomicBoolean isJoined = new AtomicBoolean();
        Thread writing = Thread.ofPlatform().daemon().start(() -> {
            while (!isJoined.get()) {
                write(1, early);
            }
            // Fewer than the sender can repeat to a member that is behind.
            write(100, early);
        });
        RelayFixture.Running late;
        try {
            late = join("late", key, engine());
        } finally {
            isJoined.set(true);
            writing.join();
        }
        write(20, early, late);
        long count = stream.status().cnt0();

        assertEquals(count, early.value(RowCounter.FRAMES), early::toString);
        assertEquals(0, early.value(RowCounter.LOST) + late.value(RowCounter.LOST), late::toString);
        assertEquals(1, late.value(RowCounter.CONNECTS), late::toString);
        assertTrue(late.value(RowCounter.FRAMES) >= 20);
        assertNewest("late", count);
    }

    @Test
    void shouldCarryKeywordsThatChangeToAllMembers() throws Exception {
        write(1);
        serve(KEY);
        join("one", KEY, engine());
        join("two", KEY, engine());
        stream.keywordTable().set(Keyword.of("gain", 5));
        for (String local : List.of("one", "two")) {
            try (ImageStream replica = open(local)) {
                RelayFixture.awaitTrue(
                        () -> replica.keywordTable().find("gain").isPresent(), () -> replica.keywords() + "");
            }
        }
    }

    /** Its engine ends while it is a member, as when its process is killed. */
    @Test
    void shouldGoOnWithoutAMemberThatIsKilled() throws Exception {
        write(1);
        serve(NO_KEY);
        RelayFixture.Running stays = join("stays", NO_KEY, engine());
        FrameEngine killed = engine();
        RelayFixture.Running leaves = join("leaves", NO_KEY, killed);
        write(10, stays, leaves);
        killed.close();
        write(100, stays);
        leaves.close();

        assertEquals(111, stays.value(RowCounter.FRAMES), stays::toString);
        assertEquals(0, stays.value(RowCounter.LOST));
    }

    /** As one that is stopped, or too slow to answer: the others wait for it for a second, and it goes on afterwards. */
    @Test
    void shouldGoOnWithoutASilentMemberWhichCountsWhatItMisses() throws Exception {
        write(1);
        serve(NO_KEY);
        RelayFixture.Running stays = join("stays", NO_KEY, engine());
        try (PausableDriver driver =
                        new PausableDriver(scratch.directory().resolve("driver").toString());
                FrameEngine engine = engine(by(driver.directory()));
                RelayFixture.Running pauses = join("pauses", NO_KEY, engine)) {
            write(10, stays, pauses);
            driver.pause();
            write(500, stays);
            driver.goOn();
            RelayFixture.awaitTrue(
                    () -> {
                        write(1, stays);
                        return pauses.value(RowCounter.SOURCE_COUNT) >= 511;
                    },
                    pauses::toString);
            write(5, stays);
            long count = stream.status().cnt0();
            pauses.await(RowCounter.SOURCE_COUNT, count);

            assertEquals(count, stays.value(RowCounter.FRAMES), stays::toString);
            assertEquals(0, stays.value(RowCounter.LOST), stays::toString);
            assertEquals(count, pauses.value(RowCounter.FRAMES) + pauses.value(RowCounter.LOST), pauses::toString);
        }
    }

    /** A media driver whose work a thread of the test does, or leaves undone. */
    private static final class PausableDriver implements AutoCloseable {
        private final MediaDriver driver;
        private final Thread thread;
        private volatile boolean isPaused;
        private volatile boolean isClosed;

        private PausableDriver(String directory) {
            driver = MediaDriver.launch(new MediaDriver.Context()
                    .aeronDirectoryName(directory)
                    .threadingMode(ThreadingMode.INVOKER)
                    .dirDeleteOnShutdown(true));
            thread = Thread.ofPlatform().daemon().name("test-driver").start(this::run);
        }

        private void run() {
            while (!isClosed) {
                if (isPaused || driver.sharedAgentInvoker().invoke() == 0) {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
        }

        private String directory() {
            return driver.aeronDirectoryName();
        }

        private void pause() {
            isPaused = true;
        }

        private void goOn() {
            isPaused = false;
        }

        @Override
        public void close() {
            isClosed = true;
            RelayFixture.awaitTrue(() -> !thread.isAlive(), thread::toString);
            driver.close();
        }
    }

    @Test
    void shouldOpenTheGroupAgainForTheNextMember() throws Exception {
        write(1);
        serve(KEY);
        RelayFixture.Running first = join("one", KEY, engine());
        first.close();
        RelayFixture.Running second = join("two", KEY, engine());
        write(10, second);
        assertEquals(11, second.value(RowCounter.FRAMES));
    }

    @Test
    void shouldGoOnWithAServerThatWasRestarted() throws Exception {
        write(1);
        serve(KEY);
        RelayServer.Settings same = server.settings();
        RelayFixture.Running member = join("one", KEY, engine());
        server.close();
        write(9);
        MulticastGroup group = MulticastGroup.parse("239.255.77.21:" + FreePort.udp());
        FrameEngine.Settings own = FrameEngine.Settings.DEFAULT;
        FrameEngine next = engine(
                new FrameEngine.Settings(own.driverDirectory(), own.mtuBytes(), own.windowBytes(), Optional.of(group)));
        relay.serve(same, Optional.of(next));
        member.await(RowCounter.SOURCE_COUNT, 10);

        assertEquals(8, member.value(RowCounter.LOST), member::toString);
        assertEquals(2, member.value(RowCounter.CONNECTS), member::toString);
    }

    @Test
    void shouldRefuseAMemberIfThereIsNoGroup() throws Exception {
        write(1);
        server = relay.serve(RelayFixture.serving(stream.path(), KEY), Optional.of(engine()));
        Throwable failure = relay.join(
                        RelayFixture.getting(server.port(), scratch.prefix() + "source", Delivery.EVERY, KEY),
                        scratch.stream("one"),
                        engine())
                .failure();
        assertTrue(failure.getMessage().contains("start it with --multicast"), failure.getMessage());
    }

    /** Each frame goes to all members, so it says which of them wrote it. */
    @Test
    void shouldNotPublishAgainInAReplicaWhatWasWrittenThere() throws Exception {
        int bursts = 8;
        int size = 6;
        write(1);
        writer.close();
        serve(KEY, SourceWrites.ALLOWED);
        RelayFixture.Running other = join("other", KEY, engine());
        RelayFixture.Running writing = relay.get(
                RelayFixture.by(
                        FrameRoute.GROUP,
                        RelayFixture.getting(server.port(), scratch.prefix() + "source", Delivery.EVERY, KEY)),
                new ReplicaSettings(
                        scratch.stream("writing"),
                        "127.0.0.1",
                        Delivery.EVERY,
                        OptionalInt.empty(),
                        StreamSpec.FORMAT_PERMISSIONS,
                        ReplicaSettings.Existing.KEEP,
                        ReplicaSettings.WriteBack.TO_OWNER),
                Optional.of(engine()));
        writing.await(RowCounter.FRAMES, 1);
        long count = 1;
        try (ImageStream replica = ImageStream.open(scratch.stream("writing"));
                FrameReader reader = reader(replica);
                FrameWriter program = replica.writerToOwner()) {
            for (int burst = 0; burst < bursts; burst++) {
                for (int i = 0; i < size; i++) {
                    count++;
                    assertEquals(count, program.write(FRAMES.of(count)));
                }
                other.await(RowCounter.SOURCE_COUNT, count);
                writing.await(RowCounter.SOURCE_COUNT, count);
            }
            // They are in the ring once each.
            assertEquals(count - 1, FRAMES.readUpTo(reader, count, TIMEOUT_NS));
            assertEquals(0, reader.restarts() + reader.lostTotal());
        }
        assertNewest("other", count);
        assertEquals(count, other.value(RowCounter.FRAMES), other::toString);
        assertEquals(count, writing.value(RowCounter.FRAMES), writing::toString);
    }

    /** Each of the two members loses other packets. */
    @Test
    void shouldRepairLostPacketsForEachMember() throws Exception {
        write(1);
        serve(KEY);
        try (MediaDriver one = lossyDriver("driver-one", 1);
                MediaDriver two = lossyDriver("driver-two", 2);
                FrameEngine engineOne = engine(by(one.aeronDirectoryName()));
                FrameEngine engineTwo = engine(by(two.aeronDirectoryName()))) {
            RelayFixture.Running first = join("one", KEY, engineOne);
            RelayFixture.Running second = join("two", KEY, engineTwo);
            write(200, first, second);
            assertEquals(0, first.value(RowCounter.LOST) + second.value(RowCounter.LOST));
            assertEquals(1, first.value(RowCounter.CONNECTS), first::toString);
            assertEquals(1, second.value(RowCounter.CONNECTS), second::toString);
            assertNewest("two", 201);
            first.close();
            second.close();
        }
    }

    private static FrameEngine.Settings by(String driverDirectory) {
        FrameEngine.Settings own = FrameEngine.Settings.DEFAULT;
        return new FrameEngine.Settings(
                Optional.of(Path.of(driverDirectory)), own.mtuBytes(), own.windowBytes(), own.group());
    }

    private MediaDriver lossyDriver(String name, long seed) {
        return MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(scratch.directory().resolve(name).toString())
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnShutdown(true)
                .receiveChannelEndpointSupplier(
                        (channel, dispatcher, status, context) -> new DebugReceiveChannelEndpoint(
                                channel,
                                dispatcher,
                                status,
                                context,
                                new RandomLossGenerator(LOSS, seed),
                                new RandomLossGenerator(LOSS, seed + 100))));
    }

    @Test
    void shouldSkipNoFrameOfASlowSource() throws Exception {
        write(1);
        serve(NO_KEY);
        RelayFixture.Running member = relay.join(
                RelayFixture.getting(server.port(), scratch.prefix() + "source", Delivery.NEWEST, NO_KEY),
                scratch.stream("one"),
                engine());
        member.await(RowCounter.FRAMES, 1);
        write(20, member);
        assertEquals(21, member.value(RowCounter.FRAMES));
        assertEquals(0, member.value(RowCounter.SKIPPED));
    }
}
