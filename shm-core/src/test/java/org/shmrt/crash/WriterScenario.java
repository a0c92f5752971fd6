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
 * Writes a frame. After the writer's death waiting readers have either read the frame or got the verdict that the
 * writer is dead, and the next writer continues from the last count that a reader may have seen.
 */
final class WriterScenario implements Scenario {
    /** Number of frames written before the target starts. */
    private static final int BEFORE = 2;

    /** What the target does with its writer. */
    @FunctionalInterface
    interface WriteAction {
        /** Writes one or more frames, the first with this count. */
        void write(FrameWriter writer, ByteRamp ramp, long count);
    }

    private final String name;
    private final StreamSpec spec;
    private final WriteAction action;

    WriterScenario(String name, StreamSpec spec, WriteAction action) {
        this.name = name;
        this.spec = spec;
        this.action = action;
    }

    @Override
    public String name() {
        return name;
    }

    private ByteRamp ramp() {
        return new ByteRamp(spec);
    }

    @Override
    public void prepare(Workspace workspace) {
        try (ImageStream stream = ByteRamp.createStream(workspace.stream(), spec, BEFORE)) {
            drain(stream);
        }
    }

    /** Takes all tokens, like readers that are up to date, so that the target posts every semaphore. */
    private static void drain(ImageStream stream) {
        for (int i = 0; i < stream.layout().semaphores().count(); i++) {
            try (FrameReader reader = stream.reader(WaitStrategy.semaphore(i))) {
                // The current frame does not end the wait, but each check takes one token.
                reader.awaitNext(1_000_000L);
            }
        }
    }

    @Override
    public TargetProcess.Operation open(Workspace workspace) {
        ImageStream stream = ImageStream.open(workspace.stream());
        FrameWriter writer = stream.writer();
        ByteRamp ramp = ramp();
        return new TargetProcess.Operation() {
            @Override
            public void run() {
                action.write(writer, ramp, BEFORE + 1);
                writer.close();
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }

    @Override
    public Verifier verifier(Workspace workspace, int ordinal) {
        return new SurvivorVerifier(workspace, ordinal);
    }

    /** Waiting readers, then a writer that continues. */
    private final class SurvivorVerifier implements Verifier {
        private final Workspace workspace;
        private final List<ObservingReader> observers = new ArrayList<>();

        SurvivorVerifier(Workspace workspace, int ordinal) {
            this.workspace = workspace;
            String[] strategies = {"semaphore", "hybrid", "spin"};
            for (int i = 0; i < strategies.length; i++) {
                // A spinning reader occupies a core, so only every third kill has one. In the short
                // run this holds for each strategy.
                boolean isSelected = i == ordinal % strategies.length;
                if (isSelected || (KillRun.ALL && !strategies[i].equals("spin"))) {
                    observers.add(new ObservingReader(
                            workspace.stream(), strategy(strategies[i]), strategies[i], ramp()::isWhole));
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
        public void verify(long killedNs) {
            assertEquals(0, FileLock.ownerPid(workspace.stream()), "pid of the lock owner after the writer's death");
            long count = checkRemainingState(killedNs);
            checkHistory();
            proceed(count);
            removeAndRecreate();
        }

        /** Returns the newest count. */
        private long checkRemainingState(long killedNs) {
            StreamInfo info = StreamInfo.of(workspace.stream());
            long count = info.status().cnt0();
            boolean flagSet = isNewestFlagSet(info.status().newestSlot());
            for (ObservingReader observer : observers) {
                if (flagSet) {
                    observer.expect(
                            observation -> observation.verdict() == Verdict.STALE_WRITER,
                            "the verdict STALE_WRITER",
                            killedNs);
                } else if (count > BEFORE) {
                    observer.expect(
                            observation -> observation.verdict().hasFrame() && observation.count() == count,
                            "frame " + count,
                            killedNs);
                } else {
                    assertEquals(
                            List.of(),
                            observer.observations(),
                            "no frame was published, so nothing should be observed");
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

        private boolean isNewestFlagSet(int newestSlot) {
            try (ImageStream stream = ImageStream.open(workspace.stream());
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                return reader.takeSlot(newestSlot) != Verdict.FRESH;
            }
        }

        private void checkHistory() {
            try (ImageStream stream = ImageStream.open(workspace.stream())) {
                FrameHistory history = stream.history();
                MemorySegment frames =
                        MemorySegment.ofArray(new byte[(int) (history.capacity() * history.frameBytes())]);
                Verdict verdict = history.read(frames, 100_000_000L);
                for (int i = 0; verdict.hasFrame() && i < history.length(); i++) {
                    MemorySegment frame = frames.asSlice(i * history.frameBytes(), history.frameBytes());
                    assertTrue(
                            ramp().isWhole(frame, history.count(i)),
                            "frame " + history.count(i) + " of the history is torn");
                }
            }
        }

        private void proceed(long before) {
            int frames = 2 * spec.depth() + 3;
            try (ImageStream stream = ImageStream.open(workspace.stream());
                    FrameWriter next = stream.writer()) {
                for (int i = 1; i <= frames; i++) {
                    long count = before + i;
                    assertEquals(count, ramp().write(next, count), "count of the next writer");
                    long publishedNs = System.nanoTime(); // writing 16 MiB may take longer than everything else
                    for (ObservingReader observer : observers) {
                        observer.expect(
                                observation -> observation.verdict().hasFrame() && observation.count() >= count,
                                "frame " + count + " of the next writer",
                                publishedNs);
                    }
                }
                assertFalse(stream.status().writing(), "a write flag is still set");
            }
            checkHistory();
            assertEquals(List.of(), StreamInfo.of(workspace.stream()).warnings());
            for (ObservingReader observer : observers) {
                long last = before + frames;
                assertTrue(
                        observer.observations().stream().anyMatch(observation -> observation.count() == last),
                        "a reader missed the last frame");
                assertOrder(observer.observations());
            }
        }

        private void assertOrder(List<ObservingReader.Observation> observations) {
            long last = BEFORE;
            for (ObservingReader.Observation observation : observations) {
                if (observation.verdict().hasFrame()) {
                    assertTrue(observation.isWhole(), observations.toString());
                    assertTrue(
                            observation.count() > last, "a frame was delivered twice or out of order: " + observations);
                    last = observation.count();
                }
            }
        }

        private void removeAndRecreate() {
            close();
            RecreationCheck.assertCanBeRecreated(workspace, spec);
        }

        @Override
        public void close() {
            observers.forEach(ObservingReader::close);
            observers.clear();
        }
    }
}
