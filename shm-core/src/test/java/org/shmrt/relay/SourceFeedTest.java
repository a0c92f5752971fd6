package org.shmrt.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.SourceFeed.Event;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.NetworkReplica;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.Scratch;

/** What one subscriber gets from a stream. */
@Timeout(600)
class SourceFeedTest {
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final StreamSpec RING =
            StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)).withDepth(4).withKeywords(3);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final FrameFields fields = new FrameFields();

    private SourceFeed feed(Delivery delivery, SourceWait wait) {
        return new SourceFeed("cam", scratch.stream("s"), delivery, wait);
    }

    private ImageStream create(StreamSpec spec) {
        return ImageStream.create(scratch.stream("s"), spec);
    }

    private static void write(FrameWriter writer, int times) {
        for (int i = 0; i < times; i++) {
            writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
        }
    }

    private void expectFrame(SourceFeed feed, long count, long skipped) {
        assertEquals(Event.FRAME, feed.next(TIMEOUT_NS));
        feed.fields(fields);
        assertEquals(count, fields.count());
        assertEquals(skipped, fields.skipped());
    }

    @ParameterizedTest
    @EnumSource(SourceWait.class)
    void shouldDescribeTheStreamAndSendItsNewestFrameFirst(SourceWait wait) {
        try (ImageStream stream = create(RING);
                FrameWriter writer = stream.writer();
                SourceFeed feed = feed(Delivery.EVERY, wait)) {
            stream.keywordTable().set(Keyword.of("gain", 5));
            write(writer, 6);

            assertEquals(Event.DESCRIPTION, feed.next(TIMEOUT_NS));
            StreamDescription description = feed.description();
            assertEquals(
                    "cam dao uint8 2x2 4 3",
                    description.name() + " " + description.format() + " "
                            + description.type() + " " + description.shape() + " " + description.depth() + " "
                            + description.keywordCapacity());
            assertEquals(Keyword.of("gain", 5), description.keywords().get(0));
            expectFrame(feed, 6, 0);
            write(writer, 3);
            expectFrame(feed, 7, 0);
            expectFrame(feed, 8, 0);
            expectFrame(feed, 9, 0);
            assertEquals(Event.NOTHING, feed.next(1_000_000));
        }
    }

    @Test
    void shouldCountWhatItLeavesOut() {
        try (ImageStream stream = create(RING);
                FrameWriter writer = stream.writer();
                SourceFeed newest = feed(Delivery.NEWEST, SourceWait.IDLE);
                SourceFeed every = feed(Delivery.EVERY, SourceWait.IDLE)) {
            write(writer, 1);
            assertEquals(Event.DESCRIPTION, newest.next(TIMEOUT_NS));
            assertEquals(Event.DESCRIPTION, every.next(TIMEOUT_NS));
            expectFrame(newest, 1, 0);
            expectFrame(every, 1, 0);
            write(writer, 3);

            expectFrame(newest, 4, 2);
            expectFrame(every, 2, 0);
            write(writer, 10);
            expectFrame(newest, 14, 11);
            expectFrame(every, 14, 11);
        }
    }

    @Test
    void shouldDescribeTheStreamAgainWhenAKeywordChanges() throws Exception {
        try (ImageStream stream = create(RING);
                FrameWriter writer = stream.writer();
                SourceFeed feed = feed(Delivery.EVERY, SourceWait.IDLE)) {
            assertEquals(Event.DESCRIPTION, feed.next(TIMEOUT_NS));
            stream.keywordTable().set(Keyword.of("gain", 5));
            Thread.sleep(150); // keywords are compared ten times a second
            write(writer, 1);

            assertEquals(Event.DESCRIPTION, feed.next(TIMEOUT_NS));
            assertEquals(1, feed.description().keywords().size());
            expectFrame(feed, 1, 0);
        }
    }

    @Test
    void shouldFollowAStreamThatIsCreatedAgain() {
        try (SourceFeed feed = feed(Delivery.NEWEST, SourceWait.IDLE)) {
            assertEquals(Event.GONE, feed.next(1_000_000));
            assertTrue(feed.reason().contains("s.im.shm"), feed.reason());
            long instance;
            try (ImageStream stream = create(RING);
                    FrameWriter writer = stream.writer()) {
                write(writer, 9);
                assertEquals(Event.DESCRIPTION, feed.next(TIMEOUT_NS));
                instance = feed.description().instance();
                expectFrame(feed, 9, 0);
            }
            try (ImageStream stream = create(
                            StreamSpec.milk(DataType.FLOAT32, Shape.of(3, 5)).replacingExisting());
                    FrameWriter writer = stream.writer()) {
                writer.claim();
                writer.publish();

                Event event = feed.next(TIMEOUT_NS);
                while (event == Event.NOTHING || event == Event.GONE) {
                    event = feed.next(TIMEOUT_NS);
                }
                assertEquals(Event.DESCRIPTION, event);
                assertEquals(Shape.of(3, 5), feed.description().shape());
                assertNotEquals(instance, feed.description().instance());
                expectFrame(feed, 1, 0);
            }
        }
    }

    @Test
    void shouldNotDescribeTheOwnKeywordsOfAReplica() {
        try (ImageStream stream = create(RING.withKeywords(7));
                SourceFeed feed = feed(Delivery.NEWEST, SourceWait.IDLE)) {
            stream.keywordTable().set(Keyword.of("gain", 5));
            NetworkReplica.KEYWORDS.forEach(name -> stream.keywordTable()
                    .set(name.equals("NET_REPLICA") ? Keyword.of(name, "rtc1") : Keyword.of(name, 1)));

            assertTrue(NetKeywords.of(stream).isPresent());
            assertEquals(Event.DESCRIPTION, feed.next(TIMEOUT_NS));
            assertEquals(1, feed.description().keywords().size());
        }
    }
}
