package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames that a writer claims ahead, in any order of calls. */
@Timeout(600)
class FramesAheadRandomTest extends FramesAheadFixture {
    /** Any sequence of calls: what a reader gets is what was published, in that order, and nothing else. */
    @ParameterizedTest
    @CsvSource({"2, 1", "3, 2", "6, 5", "6, 3", "17, 8"})
    void shouldDeliverWhatWasPublishedAfterAnySequenceOfCalls(int depth, int size) {
        for (int seed = 0; seed < 30; seed++) {
            stream.close();
            ImageStream.remove(stream.path());
            open(depth);
            new RandomCalls(new Random(seed), size).run();
        }
    }

    /** Random calls, and the frames that they must publish. */
    private final class RandomCalls {
        private static final int CALLS = 300;

        private final Random random;
        private final int size;
        private final List<Integer> claimed = new ArrayList<>();
        private long published;
        private long received;
        private long givenBack;

        RandomCalls(Random random, int size) {
            this.random = random;
            this.size = size;
        }

        void run() {
            try (FramesAhead ahead = writer.claimAhead(size)) {
                for (int call = 0; call < CALLS; call++) {
                    step(ahead);
                    receive(published - ahead.waiting());
                    assertEquals(claimed.size(), ahead.claimed());
                }
            }
            receive(published);
            assertEquals(List.of(), flagsUp());
            assertEquals(published, stream.status().cnt0());
            writer.write(ramp.of(published + 1));
            receive(published + 1);
        }

        private void step(FramesAhead ahead) {
            int choice = random.nextInt(10);
            if (choice < 4 || claimed.isEmpty()) {
                int buffer = ahead.claim();
                assertEquals(buffer < 0, claimed.size() + ahead.waiting() == size);
                if (buffer >= 0) {
                    claimed.add(buffer);
                }
                return;
            }
            // Mostly the one claimed first, as a camera does.
            int at = random.nextInt(3) > 0 ? 0 : random.nextInt(claimed.size());
            int buffer = claimed.get(at);
            claimed.subList(at, at + 1).clear();
            if (choice < 8) {
                ahead.memory(buffer).copyFrom(ramp.of(++published));
                ahead.publish(buffer, published);
            } else if (choice == 8) {
                ahead.memory(buffer).fill((byte) 9);
                ahead.giveBack(buffer);
                givenBack++;
            } else {
                ahead.giveBackUnused(buffer);
                givenBack++;
            }
        }

        private void receive(long upTo) {
            MemorySegment frame = ramp.empty();
            while (received < upTo) {
                Verdict verdict = reader.read(frame, 0);
                assertTrue(verdict.hasFrame(), () -> verdict + " after frame " + received + " of " + upTo);
                assertTrue(reader.count() > received);
                assertTrue(ramp.isWhole(frame, reader.count()), () -> "frame " + reader.count());
                received = reader.count();
            }
            assertEquals(upTo, received, () -> "given back: " + givenBack);
            assertEquals(Verdict.TIMED_OUT, reader.awaitNext(0));
        }
    }
}
