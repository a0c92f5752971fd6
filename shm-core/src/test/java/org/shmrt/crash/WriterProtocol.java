package org.shmrt.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.posix.FileLock;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * Writes a frame. After the death of the writer, waiting readers have the frame or are told that the writer is dead,
 * and the next writer goes on from the last count that anybody can have seen.
 */
final class WriterProtocol implements Protocol {
    /** Frames that are there when the victim comes. */
    private static final int BEFORE = 2;

    /** What the victim does with its writer. */
    @FunctionalInterface
    interface Act {
        /**
         * Writes frames, the first of them of this count.
         */
        void write(FrameWriter writer, Ramp ramp, long count);
    }

    private final String name;
    private final StreamSpec spec;
    private final Act act;

    WriterProtocol(String name, StreamSpec spec, Act act) {
        this.name = name;
        this.spec = spec;
        this.act = act;
    }

    @Override
    public String name() {
        return name;
    }

    private Ramp ramp() {
        return new Ramp(spec);
    }

    @Override
    public void prepare(Place place) {
        try (ImageStream stream = ImageStream.create(place.stream(), spec);
                FrameWriter writer = stream.writer()) {
            for (int count = 1; count <= BEFORE; count++) {
                ramp().write(writer, count);
            }
            drain(stream);
        }
    }

    /** Takes all tokens, as readers do that have seen every frame, so that the victim posts each semaphore. */
    private static void drain(ImageStream stream) {
        for (int i = 0; i < stream.layout().semaphores().count(); i++) {
            try (FrameReader reader = stream.reader(WaitStrategy.semaphore(i))) {
                // What is there already is no frame to come: the wait takes a token each time it looks.
                reader.awaitNext(1_000_000L);
            }
        }
    }

    @Override
    public Victim.Deed enter(Place place) {
        ImageStream stream = ImageStream.open(place.stream());
        FrameWriter writer = stream.writer();
        Ramp ramp = ramp();
        return new Victim.Deed() {
            @Override
            public void run() {
                act.write(writer, ramp, BEFORE + 1);
                writer.close();
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }

    @Override
    public Judge judge(Place place, int ordinal) {
        return new Survivors(place, ordinal);
    }

    /** Readers that wait, then a writer that goes on. */
    private final class Survivors implements Judge {
        private final Place place;
        private final List<Audience> audience = new ArrayList<>();

        Survivors(Place place, int ordinal) {
            this.place = place;
            String[] strategies = {"semaphore", "hybrid", "spin"};
            for (int i = 0; i < strategies.length; i++) {
                // A spinning reader takes a whole core: it is at one death in three, and in the short run so is each.
                boolean inTurn = i == ordinal % strategies.length;
                if (inTurn || (KillRun.ALL && !strategies[i].equals("spin"))) {
                    audience.add(new Audience(place.stream(), strategy(strategies[i]), strategies[i], ramp()::isWhole));
                }
            }
        }

        private static WaitStrategy strategy(String word) {
            return switch (word) {
                case "spin" -> WaitStrategy.spin();
                case "hybrid" -> WaitStrategy.hybrid(100_000);
                default -> WaitStrategy.semaphore();
            };
        }

        @Override
        public void judge(long killedNs) {
            assertEquals(0, FileLock.ownerPid(place.stream()), "the lock of the dead writer");
            long count = checkWhatIsLeft(killedNs);
            checkHistory();
            goOn(count);
            removeAndMakeAnew();
        }

        /** Tells the newest count. */
        private long checkWhatIsLeft(long killedNs) {
            StreamInfo info = StreamInfo.of(place.stream());
            long count = info.status().cnt0();
            boolean flagUp = isNewestFlagUp(info.status().newestSlot());
            for (Audience one : audience) {
                if (flagUp) {
                    one.expect(
                            report -> report.verdict() == Verdict.STALE_WRITER, "verdict on the dead writer", killedNs);
                } else if (count > BEFORE) {
                    one.expect(
                            report -> report.verdict().hasFrame() && report.count() == count,
                            "frame " + count,
                            killedNs);
                } else {
                    assertEquals(List.of(), one.reports(), "nothing has happened");
                }
            }
            List<String> findings = info.warnings();
            if (info.status().writing()) {
                assertTrue(
                        findings.size() == 1 && findings.getFirst().contains("a writer may have died"),
                        findings.toString());
            } else {
                assertEquals(List.of(), findings);
            }
            return count;
        }

        private boolean isNewestFlagUp(int newestSlot) {
            try (ImageStream stream = ImageStream.open(place.stream());
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                return reader.takeSlot(newestSlot) != Verdict.FRESH;
            }
        }

        private void checkHistory() {
            try (ImageStream stream = ImageStream.open(place.stream())) {
                FrameHistory history = stream.history();
                MemorySegment frames =
                        MemorySegment.ofArray(new byte[(int) (history.capacity() * history.frameBytes())]);
                Verdict verdict = history.read(frames, 100_000_000L);
                for (int i = 0; verdict.hasFrame() && i < history.length(); i++) {
                    MemorySegment frame = frames.asSlice(i * history.frameBytes(), history.frameBytes());
                    assertTrue(
                            ramp().isWhole(frame, history.count(i)), "frame " + history.count(i) + " of the history");
                }
            }
        }

        private void goOn(long before) {
            int frames = 2 * spec.depth() + 3;
            try (ImageStream stream = ImageStream.open(place.stream());
                    FrameWriter next = stream.writer()) {
                for (int i = 1; i <= frames; i++) {
                    long count = before + i;
                    assertEquals(count, ramp().write(next, count), "the next writer's count");
                    long publishedNs = System.nanoTime(); // making 16 MiB may take as long as all else
                    for (Audience one : audience) {
                        one.expect(
                                report -> report.verdict().hasFrame() && report.count() >= count,
                                "frame " + count + " of the next writer",
                                publishedNs);
                    }
                }
                assertFalse(stream.status().writing(), "a write flag is still up");
            }
            checkHistory();
            assertEquals(List.of(), StreamInfo.of(place.stream()).warnings());
            for (Audience one : audience) {
                long last = before + frames;
                assertTrue(one.reports().stream().anyMatch(report -> report.count() == last), "the last frame");
                assertOrder(one.reports());
            }
        }

        private void assertOrder(List<Audience.Report> reports) {
            long last = BEFORE;
            for (Audience.Report report : reports) {
                if (report.verdict().hasFrame()) {
                    assertTrue(report.isWhole(), reports.toString());
                    assertTrue(report.count() > last, "a frame twice, or an older one: " + reports);
                    last = report.count();
                }
            }
        }

        private void removeAndMakeAnew() {
            close();
            Aftermath.assertCanBeMadeAnew(place, spec);
        }

        @Override
        public void close() {
            audience.forEach(Audience::close);
            audience.clear();
        }
    }
}
