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
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * Reserves a semaphore, sleeps on it, takes a frame and gives the semaphore back. After the death of the reader others
 * can reserve what it had, all of them are woken by every frame, and the stream is as it was.
 */
final class ReservationProtocol implements Protocol {
    private final String name;
    private final StreamSpec spec;
    private final long timeoutNs;

    ReservationProtocol(String name, StreamSpec spec, long timeoutNs) {
        this.name = name;
        this.spec = spec;
        this.timeoutNs = timeoutNs;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Place place) {
        try (ImageStream stream = ImageStream.create(place.stream(), spec);
                FrameWriter writer = stream.writer()) {
            new Ramp(spec).write(writer, 1);
            new Ramp(spec).write(writer, 2);
        }
    }

    @Override
    public Victim.Deed enter(Place place) {
        return () -> {
            try (ImageStream stream = ImageStream.open(place.stream());
                    FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                reader.awaitNext(timeoutNs);
            }
        };
    }

    @Override
    public Judge judge(Place place, int ordinal) {
        return new Others(place);
    }

    /** One reader that was there before, and as many more as there are semaphores. */
    private final class Others implements Judge {
        private final Place place;
        private final List<Audience> audience = new ArrayList<>();

        Others(Place place) {
            this.place = place;
            join();
        }

        private void join() {
            audience.add(new Audience(
                    place.stream(),
                    WaitStrategy.semaphore(),
                    "semaphore",
                    (frame, count) -> new Ramp(spec).isWhole(frame, count)));
        }

        @Override
        public void judge(long killedNs) {
            assertEquals(List.of(), StreamInfo.of(place.stream()).warnings());
            int semaphores = StreamInfo.of(place.stream()).semaphores().size();
            while (audience.size() < semaphores) {
                join();
            }
            Set<Integer> indices = new TreeSet<>();
            audience.forEach(one -> indices.add(one.semaphoreIndex()));
            assertEquals(semaphores, indices.size(), "semaphores that can be reserved, of these " + indices);
            try (ImageStream stream = ImageStream.open(place.stream());
                    FrameWriter writer = stream.writer()) {
                for (long count = 3; count <= 6; count++) {
                    long beganNs = System.nanoTime();
                    long wanted = count;
                    assertEquals(count, new Ramp(spec).write(writer, count));
                    for (Audience one : audience) {
                        one.expect(
                                report -> report.verdict().hasFrame() && report.count() == wanted,
                                "frame " + wanted,
                                beganNs);
                    }
                }
            }
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
