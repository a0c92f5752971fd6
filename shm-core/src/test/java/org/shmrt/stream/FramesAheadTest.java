package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.stream.inspect.StreamInfo;

/** Frames that a writer claims ahead: their memory, order and counts, and what readers see meanwhile. */
@Timeout(600)
class FramesAheadTest extends FramesAheadFixture {
    private void fillRing() {
        for (int count = 1; count <= DEPTH; count++) {
            writer.write(ramp.of(count));
        }
    }

    private int claimFilled(FramesAhead ahead, long rampCount) {
        int buffer = ahead.claim();
        ahead.memory(buffer).copyFrom(ramp.of(rampCount));
        return buffer;
    }

    private void assertNext(long count) {
        MemorySegment frame = ramp.empty();
        assertEquals(Verdict.FRESH, reader.read(frame, 0));
        assertEquals(count, reader.count());
        assertTrue(ramp.isWhole(frame, count), () -> "frame " + count + " is not the ramp of its count");
    }

    /** Asserts the counts that the history has, oldest first, each with its own content. */
    private void assertHistory(long... counts) {
        FrameHistory history = stream.history();
        MemorySegment frames = MemorySegment.ofArray(new short[DEPTH * PIXELS]);
        assertEquals(Verdict.FRESH, history.read(frames, 0));
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < history.length(); i++) {
            found.add(history.count(i));
            assertTrue(ramp.isWhole(frames.asSlice(i * history.frameBytes(), history.frameBytes()), history.count(i)));
        }
        assertEquals(List.of(Arrays.stream(counts).boxed().toArray(Long[]::new)), found);
    }

    @Test
    void shouldPublishFramesFilledInOrderFromTheirSlotsWithoutACopy() {
        try (FramesAhead ahead = writer.claimAhead(3)) {
            Queue<Integer> posted = new ArrayDeque<>();
            for (int i = 0; i < 3; i++) {
                posted.add(ahead.claim());
                assertEquals(address(i), ahead.memory(posted.peek() + i).address());
            }
            for (int count = 1; count <= 4 * DEPTH; count++) {
                int buffer = posted.remove();
                assertEquals(address((count - 1) % DEPTH), ahead.memory(buffer).address());
                ahead.memory(buffer).copyFrom(ramp.of(count));

                assertEquals(count, ahead.publish(buffer, 1_000 + count));

                assertNext(count);
                assertEquals(1_000 + count, reader.acquiredNs());
                posted.add(ahead.claim());
            }
            assertEquals(0, ahead.copies());
        }
    }

    @Test
    void shouldSetTheFlagsOfClaimedSlotsAndLeaveTheOtherFramesReadable() {
        fillRing();
        try (FramesAhead ahead = writer.claimAhead(3)) {
            assertEquals(List.of(), flagsUp());
            ahead.claim();
            ahead.claim();

            assertEquals(List.of(0, 1), flagsUp());
            assertHistory(3, 4, 5, 6);
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(DEPTH, reader.count());
            assertTrue(reader.validate());
            assertNotEquals(Verdict.FRESH, reader.takeSlot(0));
            assertEquals(Verdict.FRESH, reader.takeSlot(2));
        }
    }

    @Test
    void shouldClaimNoMoreThanItsSize() {
        try (FramesAhead ahead = writer.claimAhead(2)) {
            assertEquals(2, ahead.size());
            int one = ahead.claim();
            int other = ahead.claim();

            assertNotEquals(one, other);
            assertEquals(-1, ahead.claim());
            assertEquals(2, ahead.claimed());

            ahead.publish(one, 1);
            assertEquals(one, ahead.claim());
        }
    }

    @Test
    void shouldReportAFrameThatIsOverwrittenAfterItWasTaken() {
        fillRing();
        try (FramesAhead ahead = writer.claimAhead(3)) {
            assertEquals(Verdict.FRESH, reader.takeSlot(1));
            assertTrue(reader.validate());

            int first = ahead.claim();
            assertTrue(reader.validate());
            int second = ahead.claim();
            assertFalse(reader.validate());

            ahead.giveBack(second);
            assertFalse(reader.validate());
            ahead.giveBackUnused(first);
        }
    }

    @Test
    void shouldPublishInTheOrderOfArrival() {
        try (FramesAhead ahead = writer.claimAhead(3)) {
            int first = ahead.claim();
            int second = ahead.claim();
            int third = ahead.claim();
            ahead.memory(third).copyFrom(ramp.of(1));
            ahead.frameId(third, 71);
            ahead.memory(first).copyFrom(ramp.of(2));
            ahead.memory(second).copyFrom(ramp.of(3));
            ahead.frameId(second, 73);

            assertEquals(0, ahead.publish(third, 701));
            assertEquals(1, ahead.waiting());
            assertEquals(2, ahead.claimed());
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(0));

            assertEquals(0, ahead.publish(first, 702), "its place is claimed by the second");
            assertNext(1);
            assertEquals(701, reader.acquiredNs());
            assertEquals(71, reader.frameId());
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(0));

            assertEquals(3, ahead.publish(second, 703));
            assertEquals(0, ahead.waiting());
            assertNext(2);
            assertEquals(702, reader.acquiredNs());
            assertEquals(0, reader.frameId());
            assertNext(3);
            assertEquals(703, reader.acquiredNs());
            assertEquals(73, reader.frameId());
            assertTrue(ahead.copies() > 0);
        }
    }

    @Test
    void shouldCopyTheFramesAfterASpoiltOneAndThenBeInPlaceAgain() {
        try (FramesAhead ahead = writer.claimAhead(3)) {
            Queue<Integer> posted = new ArrayDeque<>();
            for (int i = 0; i < 3; i++) {
                posted.add(ahead.claim());
            }
            int spoilt = posted.remove();
            ahead.memory(spoilt).fill((byte) 9);
            ahead.giveBack(spoilt);
            posted.add(ahead.claim());
            for (int count = 1; count <= 3 * DEPTH; count++) {
                int buffer = posted.remove();
                ahead.memory(buffer).copyFrom(ramp.of(count));

                assertEquals(count, ahead.publish(buffer, 1));

                assertNext(count);
                posted.add(ahead.claim());
            }
            assertEquals(3, ahead.copies(), "those claimed when it was given back, and the one that replaces it");
        }
        assertEquals(List.of(), flagsUp());
    }

    @Test
    void shouldPublishTheFramesThatWaitForASpoiltOne() {
        try (FramesAhead ahead = writer.claimAhead(3)) {
            int spoilt = ahead.claim();
            int second = claimFilled(ahead, 1);
            int third = claimFilled(ahead, 2);
            assertEquals(0, ahead.publish(second, 1));
            assertEquals(0, ahead.publish(third, 2));

            ahead.giveBack(spoilt);

            assertEquals(0, ahead.waiting());
            assertNext(1);
            assertNext(2);
            assertEquals(2, ahead.copies());
        }
    }

    @Test
    void shouldNotDeliverASpoiltFrameAsAnOlderOne() {
        fillRing();
        try (FramesAhead ahead = writer.claimAhead(2)) {
            int buffer = ahead.claim();
            ahead.memory(buffer).asSlice(0, PIXELS).fill((byte) 9);

            ahead.giveBack(buffer);

            assertEquals(List.of(), flagsUp());
            assertHistory(2, 3, 4, 5, 6);
            assertEquals(Verdict.LAPPED, reader.awaitNext(0));
            assertEquals(DEPTH, reader.count());
            assertEquals(DEPTH - 1, reader.lost());
        }
    }

    @Test
    void shouldRestoreTheOlderFrameOfAnUnusedSlot() {
        fillRing();
        try (FramesAhead ahead = writer.claimAhead(4)) {
            int first = ahead.claim();
            int second = ahead.claim();

            ahead.giveBackUnused(second);
            ahead.giveBackUnused(first);

            assertHistory(1, 2, 3, 4, 5, 6);
            assertNext(1);
            assertNext(2);
            assertEquals(DEPTH + 1, ahead.publish(claimFilled(ahead, DEPTH + 1), 1));
        }
        assertEquals(List.of(), flagsUp());
    }

    @Test
    void shouldNotRestoreASlotThatWasSpoiltBefore() {
        fillRing();
        writer.claim().fill((byte) 9);
        writer.abort();
        try (FramesAhead ahead = writer.claimAhead(2)) {
            ahead.giveBackUnused(ahead.claim());

            assertHistory(2, 3, 4, 5, 6);
        }
    }

    @Test
    void shouldLeaveNoFlagAndNoDamagedFrameWhenItIsClosed() {
        fillRing();
        try (FramesAhead ahead = writer.claimAhead(DEPTH - 1)) {
            while (ahead.claimed() < ahead.size()) {
                ahead.memory(ahead.claim()).fill((byte) 9);
            }
            assertHistory(6);
        }

        assertEquals(List.of(), flagsUp());
        assertHistory(6);
        assertEquals(7, writer.write(ramp.of(7)));
        assertHistory(6, 7);
        writer.close();
        assertEquals(List.of(), StreamInfo.of(stream.path()).warnings());
    }

    @Test
    void shouldPublishWaitingFramesWhenItIsClosed() {
        try (FramesAhead ahead = writer.claimAhead(3)) {
            ahead.claim();
            ahead.publish(claimFilled(ahead, 1), 1);
            assertEquals(1, ahead.waiting());
        }

        assertNext(1);
    }

    @Test
    void shouldUseTheTimeOfTheCallIfNoneIsGiven() {
        try (FramesAhead ahead = writer.claimAhead(1)) {
            long beforeNs = stream.layout().clock().nowNs();

            ahead.publish(claimFilled(ahead, 1));

            assertNext(1);
            assertTrue(reader.acquiredNs() >= beforeNs, reader.acquiredNs() + " " + beforeNs);
        }
    }

    @Test
    void shouldContinueACounterThatAnotherProgramSetsBack() {
        writer.write(ramp.of(1));
        writer.write(ramp.of(2));
        try (FramesAhead ahead = writer.claimAhead(2)) {
            int one = claimFilled(ahead, 1);
            int other = claimFilled(ahead, 2);
            long newest = stream.layout().headerOffset(1) + stream.layout().cnt0Offset();
            stream.mapped().segment().set(ValueLayout.JAVA_LONG_UNALIGNED, newest, 40);

            assertEquals(41, ahead.publish(one, 1));
            assertEquals(42, ahead.publish(other, 1));
        }
    }

    @Test
    void shouldLetTheNextWriterUseSlotsThatAnEndedOneLeftClaimed() {
        fillRing();
        FramesAhead left = writer.claimAhead(4);
        while (left.claimed() < left.size()) {
            left.memory(left.claim()).fill((byte) 9);
        }
        writer.close(); // as after the death of the writer, the flags remain set
        left.close();
        assertEquals(List.of(0, 1, 2, 3), flagsUp());
        assertHistory(5, 6);

        try (FrameWriter next = stream.writer();
                FramesAhead ahead = next.claimAhead(2)) {
            int buffer = ahead.claim();
            int unused = ahead.claim();
            ahead.memory(buffer).copyFrom(ramp.of(7));
            assertEquals(7, ahead.publish(buffer, 1));
            ahead.giveBackUnused(unused);
            assertEquals(List.of(2, 3), flagsUp());
            assertHistory(5, 6, 7);
            end(ahead);
            for (int count = 8; count <= 10; count++) {
                assertEquals(count, next.write(ramp.of(count)));
            }
        }
        assertEquals(List.of(), flagsUp());
        assertHistory(5, 6, 7, 8, 9, 10);
    }

    private static void end(FramesAhead ahead) {
        ahead.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void shouldDeliverFramesInPacketsBeforeAndAfter(int size) {
        PacketWriter packets = writer.packets();
        packets.begin(1, 1);
        packets.write(0, 0, ramp.of(1));
        packets.finish();
        assertNext(1);
        try (FramesAhead ahead = writer.claimAhead(size)) {
            ahead.publish(claimFilled(ahead, 2), 1);
            assertNext(2);
        }
        packets.begin(3, 2);
        packets.write(1, PIXELS / 2, ramp.of(3).asSlice(PIXELS));
        packets.write(0, 0, ramp.of(3).asSlice(0, PIXELS));
        assertEquals(3, packets.finish());
        assertNext(3);
        assertEquals(2, stream.newestPackets().orElseThrow().total());
    }
}
