package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.format.StreamSpec;

/** Which frames a set returns, and what it counts. */
@Timeout(600)
class StreamSetTest extends SetFixture {
    private static final long BASE_NS = 1_700_000_000_000_000_000L;

    @ParameterizedTest
    @CsvSource({"dao dao, sem", "milk milk, alternating", "dao milk, spin", "milk dao8, hybrid", "dao8 dao8, idle"})
    void shouldReturnAFrameOfEachStream(String formats, String wait) {
        use(StreamSet.all(strategy(wait), createWithWriters(formats)), wait);
        assertEquals(0, set.frame(0).byteSize());
        write(0, 1);
        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(0));
        assertEquals(Verdict.FRESH, set.verdict(0));
        assertEquals(Verdict.TIMED_OUT, set.verdict(1));
        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(2 * MS));
        assertFalse(set.isFresh(0));
        assertFalse(set.validate());

        write(1, 2);
        assertEquals(Verdict.FRESH, set.awaitNewest(SECOND));
        assertEquals(1, value(0));
        assertEquals(2, value(1));
        assertTrue(set.isFresh(0) && set.isFresh(1) && set.validate());
        assertEquals(1, set.count(1));
        assertEquals(2, set.frameId(1));
        MemorySegment copy = empty();
        assertTrue(set.copyTo(1, copy));
        assertEquals(2, copy.get(ValueLayout.JAVA_LONG, 0));

        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(0));
        assertFalse(set.copyTo(1, copy));
        assertEquals(totals(1, 1, 0, 0, 0), set.totals(0));
        assertEquals(totals(1, 1, 0, 0, 0), set.totals(1));
        assertEquals(0, waiters());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao dao", "milk milk", "dao8 dao8"})
    void shouldReplaceAFrameThatWaitsByANewerOneAndCountIt(String formats) {
        use(StreamSet.all(WaitStrategy.semaphore(), createWithWriters(formats)), "sem");
        write(0, 1);
        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(0)); // frame 1 waits
        write(0, 2);
        write(0, 3);
        write(1, 7);

        assertEquals(Verdict.SKIPPED, set.awaitNewest(SECOND));
        assertEquals(3, value(0));
        assertEquals(7, value(1));
        assertEquals(2, set.unmatched());
        assertEquals(0, set.lost());
        assertEquals(totals(3, 1, 2, 0, 0), set.totals(0));

        for (int i = 4; i <= 6; i++) {
            write(0, i); // while the caller works
        }
        write(1, 8);
        assertEquals(Verdict.SKIPPED, set.awaitNewest(SECOND));
        assertEquals(6, value(0));
        assertEquals(2, set.lost());
        assertEquals(totals(6, 2, 2, 2, 0), set.totals(0));
        assertExact();
    }

    @Test
    void shouldReturnTheFramesOfEachStreamInOrder() {
        use(StreamSet.all(WaitStrategy.spin(), createWithWriters("dao8 dao8")), "spin");
        for (int i = 1; i <= 5; i++) {
            write(0, i);
            write(1, 10L * i);
        }
        for (int i = 1; i <= 5; i++) {
            assertEquals(Verdict.FRESH, set.awaitNext(0));
            assertEquals(i, value(0));
            assertEquals(10L * i, value(1));
        }
        assertEquals(Verdict.TIMED_OUT, set.awaitNext(0));
        assertEquals(totals(5, 5, 0, 0, 0), set.totals(1));
    }

    @ParameterizedTest
    @CsvSource({"dao milk, sem", "milk milk, spin", "dao dao, alternating"})
    void shouldReturnTheFramesOfAnyStream(String formats, String wait) {
        use(StreamSet.any(strategy(wait), createWithWriters(formats)), wait);
        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(MS));
        write(1, 5);
        assertEquals(Verdict.FRESH, set.awaitNewest(SECOND));
        assertTrue(!set.isFresh(0) && set.isFresh(1) && set.validate());
        assertEquals(5, value(1));
        write(0, 6);
        write(1, 7);
        write(1, 8);
        assertEquals(Verdict.SKIPPED, set.awaitNewest(SECOND));
        assertTrue(set.isFresh(0) && set.isFresh(1));
        assertEquals(8, value(1));
        assertEquals(totals(3, 2, 0, 1, 0), set.totals(1));
        assertEquals(totals(1, 1, 0, 0, 0), set.totals(0));
        write(1, 9);
        assertEquals(Verdict.FRESH, set.awaitNewest(SECOND));
        write(0, 10);
        assertTrue(set.validate(), "stream 0 does not belong to this match");
        write(1, 11);
        assertFalse(set.validate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sem", "spin", "alternating"})
    void shouldMatchByIdAndCountTheFramesWithoutAPartner(String wait) {
        use(StreamSet.matchedById(strategy(wait), createWithWriters("dao16 dao16 dao16")), wait);
        for (int id = 1; id <= 6; id++) {
            write(0, id);
        }
        for (int id = 2; id <= 6; id += 2) {
            write(1, id);
        }
        for (int id : new int[] {1, 2, 5, 6}) {
            write(2, id);
        }
        assertEquals(Verdict.SKIPPED, set.awaitNext(SECOND));
        assertEquals(List.of(2L, 2L, 2L), List.of(value(0), value(1), value(2)));
        assertEquals(2, set.unmatched());
        assertEquals(Verdict.SKIPPED, set.awaitNext(SECOND));
        assertEquals(List.of(6L, 6L, 6L), List.of(value(0), value(1), value(2)));
        assertEquals(Verdict.TIMED_OUT, set.awaitNext(2 * MS));
        assertEquals(totals(6, 2, 4, 0, 0), set.totals(0));
        assertEquals(totals(3, 2, 1, 0, 0), set.totals(1));
        assertEquals(totals(4, 2, 2, 0, 0), set.totals(2));
        assertEquals(0, waiters());
    }

    @Test
    void shouldReturnTheNewestMatchAndCountTheOlderOnesAsLost() {
        use(StreamSet.matchedById(WaitStrategy.semaphore(), createWithWriters("dao16 dao16")), "sem");
        for (int id = 1; id <= 4; id++) {
            write(0, id);
            write(1, id);
        }
        write(0, 5); // has no partner yet
        write(1, 6);
        assertEquals(Verdict.SKIPPED, set.awaitNewest(0));
        assertEquals(4, value(0));
        assertEquals(4, value(1));
        assertTrue(set.validate());
        assertEquals(6, set.lost());
        assertEquals(totals(5, 1, 1, 3, 0), set.totals(0));
        assertEquals(totals(5, 1, 0, 3, 1), set.totals(1));
        write(0, 6);
        assertEquals(Verdict.FRESH, set.awaitNewest(0));
        assertEquals(6, value(1));
        assertExact();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao dao", "milk milk", "dao milk"})
    void shouldMatchByTimeWithinTheTolerance(String formats) {
        use(StreamSet.matchedByTime(100_000, WaitStrategy.semaphore(), createWithWriters(formats)), "sem");
        long[] offset =
                streams.stream().mapToLong(s -> s.layout().clock().offsetNs()).toArray();
        write(0, 1, 0, BASE_NS + offset[0]);
        write(1, 1, 0, BASE_NS + 100_000 + offset[1]);
        assertEquals(Verdict.FRESH, set.awaitNewest(SECOND));
        assertTrue(set.validate());
        assertEquals(BASE_NS + offset[0], set.acquiredNs(0));

        write(0, 2, 0, BASE_NS + MS + offset[0]);
        write(1, 2, 0, BASE_NS + MS + 100_001 + offset[1]);
        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(2 * MS));
        assertEquals(1, set.unmatched());
        write(0, 3, 0, BASE_NS + MS + 200_001 + offset[0]);
        assertEquals(Verdict.FRESH, set.awaitNewest(SECOND));
        assertEquals(3, value(0));
        assertEquals(2, value(1));
        assertEquals(totals(3, 2, 1, 0, 0), set.totals(0));
        assertEquals(totals(2, 2, 0, 0, 0), set.totals(1));
    }

    @Test
    void shouldFindMatchesAgainAfterAnIdOrATimeFarInTheFuture() {
        use(StreamSet.matchedById(WaitStrategy.spin(), createWithWriters("milk milk")), "spin");
        write(0, 1, -1, BASE_NS); // the largest id
        write(1, 1, 1, BASE_NS);
        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(0));
        assertEquals(totals(1, 0, 1, 0, 0), set.totals(1));
        write(0, 2, 2, BASE_NS);
        write(1, 2, 2, BASE_NS);
        assertEquals(Verdict.SKIPPED, set.awaitNewest(0));
        assertEquals(totals(2, 1, 1, 0, 0), set.totals(0));

        set.close();
        use(StreamSet.matchedByTime(0, WaitStrategy.spin(), stream(0), stream(1)), "spin");
        write(0, 1, 0, Long.MAX_VALUE - 100 * SECOND);
        write(1, 1, 0, Long.MIN_VALUE + 100 * SECOND);
        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(0));
        assertEquals(1, set.totals(1).unmatched());
        assertExact();
    }

    @Test
    void shouldCountTheFramesThatPassWhileTheOtherStreamHasStopped() {
        use(StreamSet.matchedById(WaitStrategy.semaphore(), createWithWriters("milk dao")), "sem");
        for (int id = 1; id <= 5; id++) {
            write(0, id);
            assertEquals(Verdict.TIMED_OUT, set.awaitNewest(0));
            assertEquals(id == 1 ? 0 : 1, set.unmatched());
        }
        assertEquals(Verdict.TIMED_OUT, set.verdict(1));
        assertEquals(totals(5, 0, 4, 0, 1), set.totals(0));
        write(1, 5);
        assertEquals(Verdict.FRESH, set.awaitNewest(0));
        assertEquals(totals(5, 1, 4, 0, 0), set.totals(0));
    }

    @Test
    void shouldReportThatTheCounterOfAStreamWasSetBack() {
        use(StreamSet.any(WaitStrategy.spin(), createWithWriters("milk milk")), "spin");
        for (int i = 1; i <= 3; i++) {
            write(0, i);
        }
        assertEquals(Verdict.SKIPPED, set.awaitNewest(0));
        stream(0).mapped().headers(stream(0).mapped().segment()).countRelease(0, 0);
        write(0, 4);
        assertEquals(Verdict.FRESH, set.awaitNewest(0));
        assertEquals(Verdict.RESTARTED, set.verdict(0));
        assertEquals(1, set.count(0));
        assertEquals(totals(4, 2, 0, 2, 0), set.totals(0));
    }

    @Test
    void shouldContinueWithOtherStreamsOfTheSameKind() {
        use(StreamSet.all(WaitStrategy.semaphore(), createWithWriters("dao milk")), "sem");
        List<ImageStream> own = List.copyOf(streams);
        write(0, 1);
        write(1, 1);
        assertEquals(Verdict.FRESH, set.awaitNewest(0));
        create("dao milk");
        List<ImageStream> others = streams.subList(2, 4);
        others.forEach(stream -> writers.add(stream.writer()));
        write(3, 8); // before the switch: not new

        set.switchTo(others);
        assertEquals(others, set.streams());
        assertEquals(totals(0, 0, 0, 0, 0), set.totals(0));
        write(0, 2);
        write(1, 2);
        write(2, 9);
        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(0));
        write(3, 9);
        assertEquals(Verdict.FRESH, set.awaitNewest(0));
        assertEquals(9, value(0));

        set.switchTo(own);
        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(0));
        write(0, 3);
        write(1, 3);
        assertEquals(Verdict.FRESH, set.awaitNewest(0));
        assertEquals(3, value(1));
        assertThrows(IllegalArgumentException.class, () -> set.switchTo(own.subList(0, 1)));
        try (ImageStream bytes = ImageStream.create(scratch.stream("b"), StreamSpec.dao(DataType.UINT8, Shape.of(4)))) {
            assertThrows(IncompatibleException.class, () -> set.switchTo(List.of(bytes, own.get(1))));
        }
        set.close();
        assertThrows(ClosedException.class, () -> set.switchTo(own));
        assertEquals(Verdict.CLOSED, set.awaitNewest(SECOND));
        assertEquals(-1, set.endedBy());
        assertEquals(0, waiters());
    }

    @Test
    void shouldReserveSemaphoresOnlyWhileItIsOpen() {
        ImageStream stream = createWithWriters("milk")[0];
        for (int i = 0; i < 30; i++) {
            use(StreamSet.all(WaitStrategy.semaphore(), stream), "sem");
            set.switchTo(List.of(stream));
            set.close();
        }
        for (int i = 9; i >= 0; i--) {
            assertEquals(i, stream.reader(WaitStrategy.semaphore()).semaphoreIndex());
        }
    }

    @ParameterizedTest
    @CsvSource({"dao milk, sem", "milk milk, alternating", "milk, sem"})
    void shouldReturnFramesOfStreamsWhoseSemaphoresOthersHaveClaimed(String formats, String wait) {
        ImageStream[] all = createWithWriters(formats);
        for (int i = 0; i < 10; i++) {
            assertTrue(all[0].reader(WaitStrategy.semaphore()).semaphoreIndex() >= 0);
        }
        use(StreamSet.all(strategy(wait), all), wait);
        for (int count = 1; count <= 3; count++) {
            assertEquals(Verdict.TIMED_OUT, set.awaitNewest(3 * MS));
            for (int stream = all.length - 1; stream >= 0; stream--) {
                write(stream, count);
            }
            assertEquals(Verdict.FRESH, set.awaitNewest(SECOND));
            assertEquals(count, value(0));
        }
        assertEquals(0, waiters());
    }

    @Test
    void shouldPollReadOnlyStreamsAndRefuseToSleepOnThem() {
        createWithWriters("dao milk");
        try (ImageStream first = ImageStream.open(stream(0).path(), Access.READ_ONLY);
                ImageStream second = ImageStream.open(stream(1).path(), Access.READ_ONLY)) {
            use(StreamSet.all(WaitStrategy.spin(), first, second), "spin");
            assertEquals(StreamSet.SleepMethod.NONE, set.sleepMethod());
            write(0, 1);
            write(1, 1);
            assertEquals(Verdict.FRESH, set.awaitNewest(SECOND));
            set.close();
            assertThrows(AccessDeniedException.class, () -> StreamSet.all(WaitStrategy.semaphore(), stream(0), second));
        }
        assertThrows(IllegalArgumentException.class, () -> StreamSet.all(WaitStrategy.spin()));
        assertThrows(IllegalArgumentException.class, () -> StreamSet.matchedByTime(-1, WaitStrategy.spin(), stream(0)));
    }

    @Test
    void shouldSayHowItSleeps() {
        use(StreamSet.all(WaitStrategy.semaphore(), createWithWriters("dao milk")), "sem");
        assertNotEquals(StreamSet.SleepMethod.NONE, set.sleepMethod());
        assertTrue(set.toString().contains(set.sleepMethod().toString()), set.toString());
        set.alternateSleeps();
        assertTrue(set.toString().contains("ALTERNATING"), set.toString());
        long startNs = Clocks.monotonicNs();
        assertEquals(Verdict.TIMED_OUT, set.awaitNewest(5 * MS));
        assertTrue(Clocks.monotonicNs() - startNs >= 5 * MS);
        assertEquals(0, waiters());
    }
}
