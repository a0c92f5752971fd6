package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;

/** Sets whose streams are written by other processes, one for each. */
@Tag("slow")
@Timeout(600)
class StreamSetProcessesTest extends SetFixture {
    private static final long TIMEOUT_NS = 60 * SECOND;

    private final List<ChildProcess> children = new ArrayList<>();

    @AfterEach
    void end() {
        children.forEach(ChildProcess::close);
    }

    /** Starts a writer for the next stream. */
    private ChildProcess start(long step, long pauseNs) {
        ChildProcess child = ChildProcess.start(ChildJvm.command(
                ChildJvm.QUICK,
                SetWriterChild.class,
                stream(children.size()).path().toString(),
                String.valueOf(step),
                String.valueOf(pauseNs)));
        children.add(child);
        return child;
    }

    private void startAll(long pauseNs) {
        streams.forEach(ignored -> start(1, pauseNs));
        children.forEach(child -> child.expect("ready"));
    }

    private void send(long lastId) {
        children.forEach(child -> child.send(String.valueOf(lastId)));
    }

    private StreamSet open(String matching, String wait, ImageStream[] of) {
        return use(
                switch (matching) {
                    case "all" -> StreamSet.all(strategy(wait), of);
                    case "any" -> StreamSet.any(strategy(wait), of);
                    case "id" -> StreamSet.matchedById(strategy(wait), of);
                    default -> StreamSet.matchedByTime(MS / 4, strategy(wait), of);
                },
                wait);
    }

    @ParameterizedTest
    @CsvSource({
        "id, dao64 dao64, sem",
        "id, dao64 dao64, alternating",
        "id, dao64 dao64, hybrid",
        "time, dao64 dao64, sem",
        "time, dao64 dao64, spin",
        "all, dao64 dao64, sem"
    })
    void shouldReturnEachFrameWithItsPartner(String matching, String formats, String wait) {
        open(matching, wait, create(formats));
        startAll(100_000);
        int frames = 60; // all of them fit into the rings
        send(frames);
        for (int id = 1; id <= frames; id++) {
            assertEquals(Verdict.FRESH, set.awaitNext(TIMEOUT_NS));
            assertEquals(id, value(0));
            assertEquals(id, value(1));
            assertTrue(set.validate());
        }
        assertEquals(totals(frames, frames, 0, 0, 0), set.totals(0));
        assertEquals(totals(frames, frames, 0, 0, 0), set.totals(1));
        assertEquals(0, waiters());
    }

    @ParameterizedTest
    @CsvSource({"id, sem", "time, alternating", "time, hybrid"})
    void shouldMatchASlowerStreamWithEachThirdFrameOfAFasterOne(String matching, String wait) {
        open(matching, wait, create("dao64 dao64"));
        start(1, 50_000).expect("ready");
        start(3, 100_000).expect("ready");
        int ids = 60;
        send(ids);
        for (int id = 3; id <= ids; id += 3) {
            assertEquals(Verdict.SKIPPED, set.awaitNext(TIMEOUT_NS));
            assertEquals(id, value(0));
            assertEquals(id, value(1));
            assertEquals(2, set.unmatched());
        }
        assertEquals(totals(60, 20, 40, 0, 0), set.totals(0));
        assertEquals(totals(20, 20, 0, 0, 0), set.totals(1));
        assertEquals(0, waiters());
    }

    /** In lock step, so that streams of depth 1 lose nothing. */
    @ParameterizedTest
    @CsvSource({
        "all, dao milk dao, sem",
        "all, milk milk milk, alternating",
        "id, milk milk milk, sem",
        "id, dao dao dao, alternating",
        "time, dao milk dao, sem",
        "time, milk dao milk, hybrid",
        "any, milk dao milk, sem"
    })
    void shouldBeWokenByWritersOfBothFormats(String matching, String formats, String wait) {
        open(matching, wait, create(formats));
        startAll(0);
        long[] seen = new long[3];
        for (int id = 1; id <= 100; id++) {
            send(id);
            do {
                Verdict verdict = set.awaitNewest(TIMEOUT_NS);
                assertEquals(Verdict.FRESH, verdict, set.toString());
                for (int i = 0; i < 3; i++) {
                    seen[i] = set.isFresh(i) ? value(i) : seen[i];
                }
            } while (seen[0] + seen[1] + seen[2] < 3L * id);
            for (ChildProcess child : children) {
                child.expect(String.valueOf(id));
            }
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(totals(100, 100, 0, 0, 0), set.totals(i));
        }
        assertEquals(0, waiters());
    }

    /** Whatever is lost and torn, each frame is counted once, and no match has frames that do not belong together. */
    @ParameterizedTest
    @CsvSource({
        "all, dao milk, sem",
        "all, dao8 dao8, spin",
        "any, dao milk, alternating",
        "any, dao8 milk, spin",
        "id, dao milk, spin",
        "id, dao8 dao8, sem",
        "id, dao1000 dao1000, spin",
        "time, milk dao, spin",
        "time, dao64 dao8, hybrid"
    })
    void shouldCountEachFrameOfFastWritersOnce(String matching, String formats, String wait) {
        open(matching, wait, create(formats));
        startAll(0);
        long frames = 200_000;
        send(frames);
        MemorySegment[] copies = {empty(), empty()};
        boolean related = matching.equals("id") || matching.equals("time");
        long matches = 0;
        // The frames of a stream of depth 1 need not meet, so the totals are read until the last frame was seen. In a
        // set of
        // all, the frame that waits for a partner keeps its place: only one of the streams is read to its end.
        while (!isReadToTheEnd(matching, frames)) {
            Verdict verdict = matches % 2 == 0 ? set.awaitNewest(10 * MS) : set.awaitNext(10 * MS);
            if (!verdict.hasFrame()) {
                assertEquals(Verdict.TIMED_OUT, verdict);
                assertExact();
                continue;
            }
            matches++;
            boolean whole = true;
            for (int i = 0; i < 2; i++) {
                whole &= set.isFresh(i) && set.copyTo(i, copies[i]);
                long first = copies[i].getAtIndex(ValueLayout.JAVA_LONG, 0);
                whole = whole && first == copies[i].getAtIndex(ValueLayout.JAVA_LONG, 3);
                assertTrue(!whole || first == set.count(i));
            }
            if (whole && related) {
                assertEquals(set.count(0), set.count(1));
            }
            assertExact();
        }
        for (int i = 0; i < 2; i++) {
            assertTrue(set.totals(i).taken() <= frames);
            assertTrue(set.totals(i).matched() <= matches);
        }
        if (!matching.equals("any")) {
            assertEquals(matches, set.totals(0).matched());
            assertEquals(matches, set.totals(1).matched());
        }
        assertEquals(0, waiters());
    }

    private boolean isReadToTheEnd(String matching, long frames) {
        boolean first = set.totals(0).taken() >= frames;
        boolean second = set.totals(1).taken() >= frames;
        return matching.equals("all") ? first || second : first && second;
    }

    @ParameterizedTest
    @CsvSource({"dao64 dao64, sem", "dao64 milk, alternating"})
    void shouldTimeOutWhileOneWriterIsDeadAndContinueWithTheNext(String formats, String wait) {
        open("id", wait, create(formats));
        startAll(0);
        send(1);
        assertEquals(Verdict.FRESH, set.awaitNext(TIMEOUT_NS));
        ChildProcess dead = children.remove(1);
        dead.kill();
        dead.close();
        children.get(0).expect("1");
        children.get(0).send("5");
        children.get(0).expect("5"); // its frames are there
        assertEquals(Verdict.TIMED_OUT, set.awaitNext(50 * MS));
        assertEquals(Verdict.TIMED_OUT, set.verdict(1));
        assertEquals(Verdict.FRESH, set.verdict(0));
        assertEquals(0, waiters());

        ChildProcess next = start(1, MS);
        next.expect("ready");
        next.send("2");
        // It counts its ids from 1 again, and 1 has passed.
        assertEquals(Verdict.SKIPPED, set.awaitNext(TIMEOUT_NS));
        assertEquals(2, value(0));
        assertEquals(2, value(1));
        // On a busy machine 2 overwrites 1 in the milk stream, which keeps one frame, before the set has looked at it.
        StreamSet.Totals restarted = set.totals(1);
        long overwritten = formats.endsWith("milk") ? restarted.lost() : 0;
        assertTrue(overwritten <= 1, restarted.toString());
        assertEquals(totals(3, 2, 1 - overwritten, overwritten, 0), restarted);
        assertExact();
    }
}
