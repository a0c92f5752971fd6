package org.shmrt.stream.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.Scratch;

/** Replicas that DAO's network service keeps: the keywords are those that it stores, made here. */
@Timeout(600)
class NetworkReplicaTest {
    private static final MemorySegment FRAME = MemorySegment.ofArray(new byte[] {1, 2, 3, 4});

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path path;

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
    }

    /** Keywords in the order of the service: those of the source, then its own. */
    private static List<Keyword> keywords(String owner, long link) {
        List<Keyword> keywords = new ArrayList<>(List.of(Keyword.of("gain", 7L)));
        keywords.add(Keyword.of("NET_REPLICA", owner));
        keywords.add(Keyword.of("NET_SRC_CNT", 41L));
        keywords.add(Keyword.of("NET_SRC_TIME", 1_700_000_000_000_000_000L));
        keywords.add(Keyword.of("NET_AGE_US", 1250L));
        keywords.add(Keyword.of("NET_DROPPED", 3L));
        keywords.add(Keyword.of("NET_LINK", link));
        return keywords;
    }

    private ImageStream create(String format, List<Keyword> keywords) {
        ImageStream stream = ImageStream.create(
                path, StreamSpec.of(format, DataType.UINT8, Shape.of(2, 2)).withKeywords(keywords.size()));
        stream.keywordTable().update(keywords);
        return stream;
    }

    @Test
    void shouldDescribeAReplica() {
        create("dao", keywords("rtc1", 1)).close();
        NetworkReplica expected = new NetworkReplica("rtc1", true, 41, 1_700_000_000_000_000_000L, 1250, 3);

        assertEquals(Optional.of(expected), StreamInfo.of(path).replica());
        assertEquals(Optional.of(expected), StreamInspector.now().summary(path).replica());
        assertEquals("replica of rtc1, connected, newest frame 1.3 ms old on arrival, 3 dropped", expected.text());
        assertFalse(StreamInfo.of(path).warnings().toString().contains("network service"));
    }

    @Test
    void shouldWarnThatTheOwnerIsNotConnected() {
        create("dao", keywords("rtc1", 0)).close();
        List<String> warnings = StreamInfo.of(path).warnings();

        assertTrue(warnings.getFirst().contains("network service is not connected to rtc1"), warnings.toString());
        assertEquals(warnings, StreamInspector.now().summary(path).warnings());
    }

    @Test
    void shouldRefuseToWriteAReplicaUnlessAsked() {
        try (ImageStream stream = create("dao", keywords("rtc1", 1))) {
            for (boolean shared : new boolean[] {false, true}) {
                IncompatibleException refusal = assertThrows(
                        IncompatibleException.class, () -> (shared ? stream.sharedWriter() : stream.writer()).close());
                assertTrue(
                        refusal.getMessage().contains("it is a replica of a stream on rtc1")
                                && refusal.getMessage().contains("--to-owner"),
                        refusal.getMessage());
            }
            try (FrameWriter writer = stream.writerToOwner();
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                assertEquals(1, writer.write(FRAME));
                assertEquals(Verdict.FRESH, reader.newest());
            }
        }
    }

    @Test
    void shouldWriteToOwnerAlsoIfTheStreamIsNotAReplica() {
        try (ImageStream stream = create("milk", List.of());
                FrameWriter writer = stream.writerToOwner()) {
            assertEquals(1, writer.write(FRAME));
        }
    }

    /** In milk's streams, where the first record without a name ends the table, {@code shm relay get} makes them. */
    @Test
    void shouldDescribeAReplicaInMilksFormat() {
        try (ImageStream stream = create("milk", keywords("rtc1", 1))) {
            assertEquals("rtc1", StreamInfo.of(path).replica().orElseThrow().owner());
            assertEquals(
                    StreamInfo.of(path).replica(),
                    StreamInspector.now().summary(path).replica());
            assertThrows(IncompatibleException.class, () -> stream.writer().close());
        }
    }

    @Test
    void shouldNotTakeOtherStreamsForReplicas() {
        try (ImageStream stream = create("milk", List.of(Keyword.of("NET_LINK", 1)))) {
            assertEquals(Optional.empty(), StreamInfo.of(path).replica());
            assertEquals(Optional.empty(), StreamInspector.now().summary(path).replica());
            stream.writer().close();
        }
        scratchRemove();
        List<Keyword> without = keywords("rtc1", 1);
        without.remove(1);
        try (ImageStream stream = create("dao", without)) {
            assertEquals(Optional.empty(), StreamInfo.of(path).replica());
            assertEquals(Optional.empty(), StreamInspector.now().summary(path).replica());
            stream.writer().close();
        }
    }

    private void scratchRemove() {
        Optional<String> warning = ImageStream.remove(path);
        assertEquals(Optional.empty(), warning);
    }

    /** Values of other types come from other programs. */
    @Test
    void shouldReadValuesOfOtherTypesAsZero() {
        List<Keyword> keywords = keywords("rtc1", 1);
        keywords.set(4, Keyword.of("NET_AGE_US", "soon"));
        keywords.set(5, Keyword.of("NET_DROPPED", 2.5));
        create("dao", keywords).close();
        NetworkReplica replica = StreamInfo.of(path).replica().orElseThrow();

        assertEquals(0, replica.ageUs());
        assertEquals(0, replica.dropped());
        assertEquals(41, replica.sourceCount());
    }
}
