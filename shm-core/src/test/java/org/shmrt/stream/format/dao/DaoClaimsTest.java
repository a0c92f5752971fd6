package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.BusyException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.OwnProcess;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;

/** Readers of ShmRT and readers of a DAO program claim semaphores in the same way, and respect each other's claims. */
@Tag("slow")
@Timeout(600)
class DaoClaimsTest {
    private static final String PEER = "dao_peer.py";
    private static final String AUTOMATIC = "-1";
    private static final long SECOND = 1_000_000_000L;
    private static final long FIRST_BYTE = 1L << 62;
    private static final StreamSpec FIFO = StreamSpec.dao(DataType.UINT8, Shape.of(2, 2));
    private static final StreamSpec SPEC = FIFO.withVariant("v2");

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final MemorySegment frame = MemorySegment.ofArray(new byte[] {1, 2, 3, 4});
    private Path path;

    @BeforeAll
    static void findPython() {
        PythonPeer.assumePresent();
    }

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
    }

    /** What a peer finds claimed. */
    private String claimed() {
        return PythonPeer.run(PEER, "claims", path).getFirst();
    }

    private ChildProcess peerClaims(String semaphore, String expected) {
        ChildProcess peer = PythonPeer.start(PEER, "claim", path, semaphore);
        assertEquals(expected, peer.line());
        return peer;
    }

    private static String numbers(List<Integer> numbers) {
        return numbers.stream().sorted().map(String::valueOf).collect(Collectors.joining(" "));
    }

    @Test
    void shouldClaimFromTheTopAndLeaveTheSemaphoreOfTheNetworkService() {
        try (ImageStream stream = ImageStream.create(path, SPEC)) {
            List<Integer> given = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                given.add(stream.reader(WaitStrategy.semaphore()).semaphoreIndex());
            }

            assertEquals(List.of(15, 14, 13, 12, 11, 10, 8, 7, 6, 5, 4, 3, 2, 1, 0), given);
            assertEquals(numbers(given), claimed());
            BusyException refusal = assertThrows(BusyException.class, () -> stream.reader(WaitStrategy.semaphore()));
            assertTrue(refusal.getMessage().contains("claimed all semaphores"), refusal.getMessage());
            assertEquals(9, stream.reader(WaitStrategy.semaphore(9)).semaphoreIndex());
            assertEquals(4, stream.reader(WaitStrategy.semaphore(4)).semaphoreIndex(), "shared on request");
            assertEquals(
                    numbers(IntStream.range(0, 16).boxed().toList()), claimed(), "an explicit one is claimed if free");
        }
        assertEquals("", claimed());
    }

    @Test
    void shouldHonourClaimsOfThePeerAndItOurs() {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                ChildProcess first = peerClaims(AUTOMATIC, "claimed 15");
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess second = peerClaims(AUTOMATIC, "claimed 13");
                ChildProcess third = peerClaims("14", "shared 14")) {
            assertEquals(14, reader.semaphoreIndex());
            assertEquals("13 14 15", claimed());

            first.closeInput();
            assertEquals("released", first.line());

            assertEquals("13 14", claimed());
            try (FrameReader next = stream.reader(WaitStrategy.semaphore())) {
                assertEquals(15, next.semaphoreIndex());
            }
            second.closeInput();
            third.closeInput();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2", "fifo"})
    void shouldHaveTheSemaphoreOfAReaderThatWasKilled(String layout) {
        int highest = layout.equals("v2") ? 15 : 9;
        try (ImageStream stream = ImageStream.create(path, FIFO.withVariant(layout))) {
            ChildProcess peer = peerClaims(String.valueOf(highest), "claimed " + highest);
            peer.kill();
            peer.close();
            try (ChildProcess ours = ChildJvm.start("await", path, "sem", 1, 60 * SECOND)) {
                assertEquals("ready " + highest, ours.lineWith("ready"));
                assertEquals(String.valueOf(highest), claimed());
                ours.kill();
            }

            assertEquals("", claimed());
            try (ChildProcess next = peerClaims(String.valueOf(highest), "claimed " + highest)) {
                next.closeInput();
            }
            assertTrue(stream.isOpen());
        }
    }

    @Test
    void shouldStartWithoutTokensOfEarlierFrames() {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer()) {
            writer.write(frame);
            try (FrameReader automatic = stream.reader(WaitStrategy.semaphore());
                    FrameReader chosen = stream.reader(WaitStrategy.semaphore(3))) {
                List<SemaphoreState> states = StreamInfo.of(path).semaphores();

                assertEquals(0, states.get(automatic.semaphoreIndex()).value());
                assertEquals(1, states.get(chosen.semaphoreIndex()).value());
            }
        }
    }

    /** DAO creates a stream again in the same file, which keeps its locks. */
    @Test
    void shouldKeepClaimsWhenTheStreamIsCreatedAgainInPlace() {
        PythonPeer.run(PEER, "create", path, "uint8", "2,2", "--layout", "v2");
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess peer = peerClaims(AUTOMATIC, "claimed 14")) {
            PythonPeer.run(PEER, "create", path, "uint8", "4,4", "--layout", "v2");

            assertEquals("14 15", claimed());
            try (ImageStream again = ImageStream.open(path);
                    FrameReader next = again.reader(WaitStrategy.semaphore())) {
                assertEquals(13, next.semaphoreIndex());
            }
            assertEquals(Verdict.RECREATED, reader.awaitNext(30 * SECOND));
            peer.closeInput();
        }
    }

    @Test
    void shouldWakeThePeerOnTheSemaphoreItClaimed() {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameReader other = stream.reader(WaitStrategy.semaphore());
                FrameWriter writer = stream.writer();
                ChildProcess peer = PythonPeer.start(PEER, "wait", path, AUTOMATIC, 30, "--count", 2)) {
            assertEquals(15, other.semaphoreIndex());
            assertEquals("ready 14", peer.line());
            PythonPeer.assertPrintsTwoFrames(peer, writer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "write-safe"})
    void shouldBeWokenByThePeerOnTheClaimedSemaphore(String order) {
        // As many slots as there are frames, so that a late reader loses none.
        PythonPeer.run(PEER, "create", path, "uint8", "2,2", "--layout", "v2", "--depth", 4);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess peer =
                        PythonPeer.start(PEER, order, path, "0a0b0c0d", "--count", 3, "--interval-ms", 50)) {
            assertEquals(15, reader.semaphoreIndex());
            for (int count = 1; count <= 3; count++) {
                assertEquals(Verdict.FRESH, PythonPeer.awaitNext(reader, 30 * SECOND));
                assertEquals(count, reader.count());
            }
            peer.finish();
        }
    }

    @Test
    void shouldShowTheHolders() {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                ChildProcess peer = peerClaims(AUTOMATIC, "claimed 15");
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            List<SemaphoreState> states = StreamInfo.of(path).semaphores();

            assertEquals(peer.pid(), states.get(15).readerPid());
            assertEquals(OwnProcess.PID, states.get(reader.semaphoreIndex()).readerPid());
            assertEquals(
                    List.of(14, 15),
                    IntStream.range(0, 16)
                            .filter(i -> states.get(i).claimed())
                            .boxed()
                            .toList());
            SemaphoreState withoutSearch =
                    StreamInspector.now().info(path).semaphores().get(15);
            assertTrue(withoutSearch.claimed());
            assertEquals(0, withoutSearch.readerPid());
            peer.closeInput();
            peer.finish();
        }
        assertTrue(StreamInfo.of(path).semaphores().stream().noneMatch(SemaphoreState::claimed));
    }

    @Test
    void shouldClaimOnOlderLayoutsAmongThemselvesAndThenPoll() {
        try (ImageStream stream = ImageStream.create(path, FIFO)) {
            List<Integer> given = new ArrayList<>();
            for (int i = 0; i < 11; i++) {
                given.add(stream.reader(WaitStrategy.semaphore()).semaphoreIndex());
            }

            assertEquals(List.of(9, 8, 7, 6, 5, 4, 3, 2, 1, 0, -1), given);
            assertEquals("0 1 2 3 4 5 6 7 8 9", claimed());
            assertEquals(OwnProcess.PID, StreamInfo.of(path).semaphores().get(9).readerPid());
        }
    }

    /** A user who may only read the file can hold read locks, which must not keep readers from their semaphores. */
    @Test
    void shouldNotRefuseReadersBecauseOfReadLocks() {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                ChildProcess locker = PythonPeer.start("lock_peer.py", "read-lock", path, FIRST_BYTE, 100)) {
            assertEquals("held", locker.line());

            try (FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                assertEquals(15, reader.semaphoreIndex());
            }
            assertFalse(StreamInfo.of(path).semaphores().get(15).claimed());
            locker.closeInput();
        }
    }
}
