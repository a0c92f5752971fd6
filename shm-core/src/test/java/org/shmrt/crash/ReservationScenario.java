package org.shmrt.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * Reserves a semaphore, sleeps on it, reads a frame and releases the semaphore. After the reader's death others can
 * reserve its semaphore, every frame wakes all of them, and the stream is unchanged.
 */
final class ReservationScenario implements Scenario {
    private final String name;
    private final StreamSpec spec;
    private final long timeoutNs;

    ReservationScenario(String name, StreamSpec spec, long timeoutNs) {
        this.name = name;
        this.spec = spec;
        this.timeoutNs = timeoutNs;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Workspace workspace) {
        ByteRamp.createStream(workspace.stream(), spec, 2).close();
    }

    @Override
    public TargetProcess.Operation open(Workspace workspace) {
        return () -> {
            try (ImageStream stream = ImageStream.open(workspace.stream());
                    FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                reader.awaitNext(timeoutNs);
            }
        };
    }

    @Override
    public Verifier verifier(Workspace workspace, int ordinal) {
        return new ReaderVerifier(workspace);
    }

    /** One reader from before the crash, and further ones until every semaphore is reserved. */
    private final class ReaderVerifier implements Verifier {
        private final Workspace workspace;
        private final List<ObservingReader> observers = new ArrayList<>();

        ReaderVerifier(Workspace workspace) {
            this.workspace = workspace;
            addReader();
        }

        private void addReader() {
            observers.add(new ObservingReader(
                    workspace.stream(),
                    WaitStrategy.semaphore(),
                    "semaphore",
                    (frame, count) -> new ByteRamp(spec).isWhole(frame, count)));
        }

        @Override
        public void verify(long killedNs) {
            assertEquals(List.of(), StreamInfo.of(workspace.stream()).warnings());
            SemaphoreLayout layout = StreamInfo.of(workspace.stream()).layout().semaphores();
            int semaphores = layout.count() - (layout.serviceIndex() < 0 ? 0 : 1);
            while (observers.size() < semaphores) {
                addReader();
            }
            Set<Integer> indices = new TreeSet<>();
            observers.forEach(observer -> indices.add(observer.semaphoreIndex()));
            assertEquals(semaphores, indices.size(), "number of semaphores that can be reserved; indices " + indices);
            try (ImageStream stream = ImageStream.open(workspace.stream());
                    FrameWriter writer = stream.writer()) {
                for (long count = 3; count <= 6; count++) {
                    long beganNs = System.nanoTime();
                    long wanted = count;
                    assertEquals(count, new ByteRamp(spec).write(writer, count));
                    for (ObservingReader observer : observers) {
                        observer.expect(
                                observation -> observation.verdict().hasFrame() && observation.count() == wanted,
                                "frame " + wanted,
                                beganNs);
                    }
                }
            }
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
