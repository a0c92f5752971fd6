package org.shmrt.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.RecreationPolicy;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.SizeChanges;

/** The local copy: what it contains, what it does with a stream that exists, and its account. */
@Timeout(600)
class ReplicaTest {
    private static final Shape SHAPE = Shape.of(4, 6);
    private static final RampFrames FRAMES = new RampFrames(SHAPE.elementCount());
    private static final long TIME_NS = 1_700_000_000_000_000_000L;
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final int READS = 50_000;
    private static final List<Keyword> KEYWORDS = List.of(
            Keyword.of("exptime", 0.0125).withComment("seconds"),
            Keyword.of("abcdefghijklmnop", "0123456789abcdef"),
            Keyword.of("gain", -7L));

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private StatusPage page;
    private StatusRow row;
    private Path path;

    @BeforeEach
    void createPage() {
        page = StatusPage.create("test");
        row = page.row(RowRole.RECEIVE, "cam", "rtc1", "test");
        path = scratch.stream("replica");
    }

    @AfterEach
    void closePage() {
        row.close();
        page.close();
    }

    private static StreamDescription description(String format, int depth, long instance) {
        return new StreamDescription("cam", format, DataType.UINT16, SHAPE, depth, instance, 5, KEYWORDS);
    }

    private Replica replica(Delivery delivery) {
        return new Replica(new ReplicaSettings(path, "rtc1.example.org", delivery), row);
    }

    private Replica replica(ReplicaSettings.WriteBack writeBack) {
        return new Replica(
                new ReplicaSettings(
                        path,
                        "rtc1",
                        Delivery.NEWEST,
                        OptionalInt.empty(),
                        StreamSpec.FORMAT_PERMISSIONS,
                        ReplicaSettings.Existing.KEEP,
                        writeBack),
                row);
    }

    private static void frame(Replica replica, long count) {
        frame(replica, count, TIME_NS + count);
    }

    private static void frame(Replica replica, long count, long timeNs) {
        FrameFields fields = new FrameFields();
        fields.set(count, 3 * count, timeNs, 2);
        replica.begin().copyFrom(FRAMES.of(count));
        replica.publish(fields);
    }

    private ImageStream open() {
        return ImageStream.open(path, Access.READ_ONLY);
    }

    private Object keyword(String name) {
        try (ImageStream stream = open()) {
            return stream.keywordTable().find(name).orElseThrow().value();
        }
    }

    @Test
    void shouldKeepNoLockOnACopyThatIsTruncatedWhileItIsOpened() throws Exception {
        try (Replica replica = replica(Delivery.NEWEST)) {
            replica.describe(description("dao", 8, 1));
            frame(replica, 5);
        }
        long bytes = Files.size(path);
        SizeChanges.during(path, List.of(4096L, bytes), 500, ShmException.class, () -> {
            try (Replica replica = replica(Delivery.NEWEST)) {
                replica.describe(description("dao", 8, 1));
            }
        });

        assertEquals(List.of(), scratch.stillOpen());
    }

    @ParameterizedTest
    @CsvSource({"dao, 1", "dao, 4", "milk, 1"})
    void shouldHaveWhatTheSourceHas(String format, int depth) {
        try (Replica replica = replica(Delivery.NEWEST)) {
            replica.describe(description(format, depth, 7));
            frame(replica, 41);
            frame(replica, 42);

            try (ImageStream stream = open();
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                assertEquals(format, stream.layout().format());
                assertEquals(DataType.UINT16, stream.type());
                assertEquals(SHAPE, stream.shape());
                assertEquals(depth, stream.layout().depth());
                MemorySegment copy = FRAMES.empty();
                assertTrue(reader.readNewest(copy, TIMEOUT_NS).hasFrame());
                assertTrue(FRAMES.isWhole(copy, 42));
                assertEquals(42, reader.count());
                assertEquals(126, reader.frameId());
                assertEquals(
                        TIME_NS + 42,
                        reader.acquiredNs() - stream.layout().clock().offsetNs());
                List<Keyword> keywords = stream.keywords();
                assertEquals(KEYWORDS, keywords.subList(0, 3));
                assertEquals("rtc1.example.or", keywords.get(3).value());
                assertEquals(
                        List.of("NET_REPLICA", "NET_SRC_CNT", "NET_SRC_TIME", "NET_AGE_US", "NET_DROPPED", "NET_LINK"),
                        keywords.stream().skip(3).map(Keyword::name).toList());
                assertEquals(11, stream.keywordTable().capacity());
            }
            assertEquals(42L, keyword("NET_SRC_CNT"));
            assertEquals(TIME_NS + 42, keyword("NET_SRC_TIME"));
            assertEquals(2L, keyword("NET_DROPPED"));
            assertEquals(1L, keyword("NET_LINK"));
        }
        assertEquals(0L, keyword("NET_LINK"));
    }

    @Test
    void shouldChangeKeywordsWithoutANewFile() {
        try (Replica replica = replica(Delivery.NEWEST)) {
            replica.describe(description("dao", 2, 7));
            frame(replica, 1);
            try (ImageStream stream = open()) {
                List<Keyword> fewer = List.of(Keyword.of("gain", 8L));
                replica.describe(new StreamDescription("cam", "dao", DataType.UINT16, SHAPE, 2, 7, 5, fewer));

                assertEquals(
                        8L, stream.keywordTable().find("gain").orElseThrow().value());
                assertEquals(7, stream.keywords().size());
                assertEquals(
                        1L,
                        stream.keywordTable().find("NET_SRC_CNT").orElseThrow().value());
            }
        }
    }

    /** The description comes again after each interruption of the link, and when one keyword of the source changes. */
    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldNotRemoveKeywordsThatDoNotChangeForAMoment(String format) throws Exception {
        AtomicInteger reads = new AtomicInteger();
        AtomicBoolean isDone = new AtomicBoolean();
        Set<List<String>> seen = ConcurrentHashMap.newKeySet();
        try (Replica replica = replica(Delivery.NEWEST)) {
            replica.describe(description(format, 1, 7));
            frame(replica, 1);
            Thread reader = Thread.ofPlatform().start(() -> {
                try (ImageStream stream = open()) {
                    while (!isDone.get()) {
                        seen.add(stream.keywords().stream()
                                .map(Keyword::name)
                                .filter(name -> !name.equals("gain"))
                                .toList());
                        reads.incrementAndGet();
                    }
                }
            });
            for (long gain = 0; reads.get() < READS && reader.isAlive(); gain++) {
                List<Keyword> keywords = List.of(KEYWORDS.get(0), KEYWORDS.get(1), Keyword.of("gain", gain));
                replica.describe(new StreamDescription("cam", format, DataType.UINT16, SHAPE, 1, 7, 5, keywords));
            }
            isDone.set(true);
            reader.join();
        }

        assertTrue(reads.get() >= READS, () -> reads + " reads");
        assertEquals(
                Set.of(List.of(
                        "exptime",
                        "abcdefghijklmnop",
                        "NET_REPLICA",
                        "NET_SRC_CNT",
                        "NET_SRC_TIME",
                        "NET_AGE_US",
                        "NET_DROPPED",
                        "NET_LINK")),
                seen);
    }

    @Test
    void shouldAccountForEachMissingFrame() {
        try (Replica replica = replica(Delivery.NEWEST)) {
            replica.describe(description("dao", 2, 7));
            frame(replica, 10);
            frame(replica, 11);
            frame(replica, 15);
            assertEquals(3, row.value(RowCounter.SKIPPED));
            replica.linkLost();
            replica.describe(description("dao", 2, 7));
            frame(replica, 15);
            frame(replica, 20);

            assertEquals(4, row.value(RowCounter.FRAMES));
            assertEquals(3 + 4, row.value(RowCounter.SKIPPED));
            replica.linkLost();
            replica.describe(description("dao", 2, 7));
            frame(replica, 31);
            assertEquals(10, row.value(RowCounter.LOST));
            frame(replica, 5);
            assertEquals(1, row.value(RowCounter.RESTARTS));
            assertEquals(10, row.value(RowCounter.LOST));
        }
    }

    @Test
    void shouldCountMissingFramesAsLostWhereEveryOneIsWanted() {
        try (Replica replica = replica(Delivery.EVERY)) {
            replica.describe(description("dao", 2, 7));
            frame(replica, 10);
            frame(replica, 13);

            assertEquals(2, row.value(RowCounter.LOST));
            replica.describe(description("dao", 2, 8));
            frame(replica, 100);
            assertEquals(2, row.value(RowCounter.LOST));
            assertEquals(1, row.value(RowCounter.RESTARTS));
        }
    }

    @Test
    void shouldContinueWithTheFileOfAFormerReplicaAndItsAccount() {
        long created = TIME_NS - 1000;
        try (Replica replica = replica(Delivery.NEWEST)) {
            replica.describe(description("dao", 2, created));
            frame(replica, 10);
        }
        try (ImageStream stream = open();
                FrameReader reader = stream.reader(WaitStrategy.spin());
                Replica replica = replica(Delivery.NEWEST)) {
            replica.describe(description("dao", 2, created));
            frame(replica, 14);

            assertTrue(reader.awaitNext(TIMEOUT_NS).hasFrame());
            assertEquals(14, reader.count());
            assertEquals(3, row.value(RowCounter.LOST));
        }
        try (Replica replica = replica(Delivery.NEWEST)) {
            replica.describe(description("dao", 2, TIME_NS + 1000));
            frame(replica, 90, TIME_NS + 2000);

            assertEquals(3, row.value(RowCounter.LOST));
        }
    }

    @Test
    void shouldReplaceTheFileIfTheShapeChanges() {
        try (Replica replica = replica(Delivery.NEWEST)) {
            replica.describe(description("dao", 2, 7));
            frame(replica, 1);
            try (ImageStream stream = open();
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                reader.onRecreation(RecreationPolicy.REPORT);
                replica.describe(
                        new StreamDescription("cam", "dao", DataType.UINT8, Shape.of(3, 3), 2, 8, 0, List.of()));

                assertEquals(Verdict.RECREATED, reader.awaitNext(TIMEOUT_NS));
            }
            try (ImageStream stream = open()) {
                assertEquals(Shape.of(3, 3), stream.shape());
            }
        }
    }

    @Test
    void shouldKeepADepthThatTheUserChose() {
        ReplicaSettings settings = new ReplicaSettings(
                path,
                "rtc1",
                Delivery.NEWEST,
                OptionalInt.of(8),
                StreamSpec.FORMAT_PERMISSIONS,
                ReplicaSettings.Existing.KEEP,
                ReplicaSettings.WriteBack.NONE);
        try (Replica replica = new Replica(settings, row)) {
            replica.describe(description("dao", 1, 7));
            frame(replica, 1);
            try (ImageStream stream = open()) {
                assertEquals(8, stream.layout().depth());
            }
        }
    }

    @Test
    void shouldNotReplaceAStreamThatIsNotItsOwn() {
        try (ImageStream own = ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)))) {
            try (Replica replica = replica(Delivery.NEWEST)) {
                AlreadyExistsException e =
                        assertThrows(AlreadyExistsException.class, () -> replica.describe(description("dao", 1, 7)));
                assertTrue(e.getMessage().contains("not a replica"), e.getMessage());
            }
            assertEquals(Shape.of(2, 2), own.shape());
        }
        ReplicaSettings settings = new ReplicaSettings(
                path,
                "rtc1",
                Delivery.NEWEST,
                OptionalInt.empty(),
                StreamSpec.FORMAT_PERMISSIONS,
                ReplicaSettings.Existing.REPLACE,
                ReplicaSettings.WriteBack.NONE);
        try (Replica replica = new Replica(settings, row)) {
            replica.describe(description("dao", 1, 7));
            frame(replica, 1);
            assertEquals(1L, keyword("NET_SRC_CNT"));
        }
    }

    @Test
    void shouldGiveUpAFrameWithoutATrace() {
        try (Replica replica = replica(Delivery.NEWEST)) {
            replica.describe(description("dao", 2, 7));
            frame(replica, 1);
            replica.begin().fill((byte) -1);
            replica.discard();
            frame(replica, 2);

            assertEquals(2, row.value(RowCounter.FRAMES));
            assertEquals(0, row.value(RowCounter.SKIPPED));
        }
    }

    @Test
    void shouldCreateTheFileAgainAfterItWasRemoved() throws Exception {
        try (Replica replica = replica(Delivery.NEWEST)) {
            replica.describe(description("dao", 2, 7));
            frame(replica, 1);
            ImageStream.remove(path);
            Thread.sleep(600); // the file is checked twice a second
            assertThrows(IncompatibleException.class, replica::begin);
            replica.linkLost();
            assertFalse(Files.exists(path));

            replica.describe(description("dao", 2, 7));
            frame(replica, 2);
            assertEquals(2L, keyword("NET_SRC_CNT"));
        }
    }

    /** After a connection, and whenever another machine joins its group, the newest frame is repeated. */
    @Test
    void shouldPublishARepeatedFrameInANewFileOnly() {
        try (Replica replica = replica(Delivery.EVERY)) {
            replica.describe(description("dao", 2, 7));
            frame(replica, 5);
            try (ImageStream stream = open();
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                reader.onRecreation(RecreationPolicy.REPORT);
                frame(replica, 5);
                replica.linkLost();
                replica.describe(description("dao", 2, 7));
                frame(replica, 5);
                assertEquals(Verdict.TIMED_OUT, reader.awaitNext(0));
            }
            ImageStream.remove(path);
            replica.linkLost();
            replica.describe(description("dao", 2, 7));
            frame(replica, 5);
            try (ImageStream stream = open()) {
                assertEquals(5, stream.status().cnt0());
            }
        }
        assertEquals(1, row.value(RowCounter.FRAMES));
        assertEquals(0, row.value(RowCounter.LOST) + row.value(RowCounter.RESTARTS));
    }

    @Test
    void shouldNotPublishARepeatedFrameOverALocalOne() {
        try (Replica replica = replica(ReplicaSettings.WriteBack.TO_OWNER)) {
            replica.describe(description("dao", 4, 7));
            frame(replica, 1);
            try (ImageStream stream = ImageStream.open(path);
                    FrameWriter writer = stream.writerToOwner()) {
                assertEquals(2, writer.write(FRAMES.of(2)));
                frame(replica, 1);
                assertEquals(2, stream.status().cnt0());
            }
        }
    }

    /** It would write into the slot into which a frame is received, and nobody would send its frame. */
    @Test
    void shouldRefuseLocalWritersThatAreNotHeardByTheOwner() {
        try (Replica replica = replica(ReplicaSettings.WriteBack.NONE)) {
            replica.describe(description("dao", 4, 7));
            frame(replica, 1);
            try (ImageStream stream = ImageStream.open(path)) {
                BusyException e = assertThrows(
                        BusyException.class, () -> stream.writerToOwner().close());
                assertTrue(e.getMessage().contains("--write-back"), e.getMessage());
            }
        }
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writerToOwner()) {
            assertEquals(2, writer.write(FRAMES.of(2)));
        }
    }

    @Test
    void shouldRefuseAFrameBeforeItsDescription() {
        try (Replica replica = replica(Delivery.NEWEST)) {
            assertEquals(0, replica.frameBytes());
            assertThrows(IncompatibleException.class, replica::begin);
        }
    }
}
