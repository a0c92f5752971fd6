package org.shmrt.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.shmrt.posix.FileId;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.convert.StreamConversion;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * Makes a stream, makes it anew, or removes it. After the death of who does that there is a whole stream of the name,
 * the old one or the new, or none; a reader of the old one goes on with it or is told; and the same can be done again.
 */
final class CreatorProtocol implements Protocol {
    /** What the victim does. */
    enum Kind {
        CREATE,
        REPLACE,
        REMOVE,
        CONVERT
    }

    private static final int PERMISSIONS = 0660;
    private static final Set<PosixFilePermission> PERMISSION_SET = PosixFilePermissions.fromString("rw-rw----");

    private final String name;
    private final Kind kind;
    private final StreamSpec old;
    private final StreamSpec spec;

    /**
     * A protocol.
     *
     * @param old what is there before, null for nothing
     * @param spec what the victim makes, null for nothing
     */
    CreatorProtocol(String name, Kind kind, StreamSpec old, StreamSpec spec) {
        this.name = name;
        this.kind = kind;
        this.old = old;
        this.spec = spec == null ? null : spec.withPermissions(PERMISSIONS).withFirstFrame(new Ramp(spec).of(1));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Place place) {
        if (old != null) {
            try (ImageStream stream = ImageStream.create(old(place), old);
                    FrameWriter writer = stream.writer()) {
                new Ramp(old).write(writer, 1);
            }
        }
    }

    /** A conversion's source is another stream. */
    private Path old(Place place) {
        return kind == Kind.CONVERT ? place.directory().resolve(place.prefix() + "source.im.shm") : place.stream();
    }

    @Override
    public Victim.Deed enter(Place place) {
        return () -> act(place);
    }

    private void act(Place place) {
        switch (kind) {
            case CREATE -> ImageStream.create(place.stream(), spec).close();
            case REPLACE ->
                ImageStream.create(place.stream(), spec.replacingExisting()).close();
            case CONVERT -> StreamConversion.of(old(place), spec.format()).run(place.stream());
            default -> ImageStream.remove(place.stream());
        }
    }

    @Override
    public Judge judge(Place place, int ordinal) {
        return new Witness(place);
    }

    /** A reader of the old stream, if there is one, then somebody who does the same again. */
    private final class Witness implements Judge {
        private final Place place;
        private final FileId before;
        private Audience audience;

        Witness(Place place) {
            this.place = place;
            before = FileId.ofOrNull(place.stream());
            if (before != null) {
                audience = new Audience(
                        place.stream(),
                        WaitStrategy.semaphore(),
                        "semaphore",
                        (frame, count) -> new Ramp(old).isWhole(frame, count));
            }
        }

        @Override
        public void judge(long killedNs) {
            FileId now = FileId.ofOrNull(place.stream());
            if (before != null && now != null && now.isSameFile(before)) {
                assertOldOneWorks();
            } else {
                assertTold(now, killedNs);
            }
            if (now != null && (before == null || !now.isSameFile(before))) {
                assertNewOneIsWhole();
            }
            close();
            doItAgain(now);
        }

        private void assertOldOneWorks() {
            long beganNs = System.nanoTime();
            try (ImageStream stream = ImageStream.open(place.stream());
                    FrameWriter writer = stream.writer()) {
                assertEquals(2, new Ramp(old).write(writer, 2));
            }
            audience.expect(
                    report -> report.verdict() == Verdict.FRESH && report.count() == 2,
                    "frame of the old stream",
                    beganNs);
            assertEquals(List.of(), StreamInfo.of(place.stream()).warnings());
        }

        private void assertTold(FileId now, long killedNs) {
            if (audience != null) {
                Verdict wanted = now == null ? Verdict.REMOVED : Verdict.RECREATED;
                audience.expect(report -> report.verdict() == wanted, "verdict " + wanted, killedNs);
            }
        }

        private void assertNewOneIsWhole() {
            assertEquals(List.of(), StreamInfo.of(place.stream()).warnings());
            StreamSpec made = kind == Kind.CONVERT ? old : spec;
            try (ImageStream stream = ImageStream.open(place.stream());
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                assertEquals(1, stream.status().cnt0());
                MemorySegment mine =
                        MemorySegment.ofArray(new byte[(int) stream.layout().frameBytes()]);
                assertEquals(Verdict.FRESH, reader.readNewest(mine, 0));
                assertTrue(new Ramp(made).isWhole(mine, 1));
                Aftermath.assertWorks(stream, made);
            }
        }

        private void doItAgain(FileId now) {
            if (kind == Kind.REMOVE) {
                if (now != null) {
                    act(place);
                }
            } else if (kind == Kind.REPLACE || now == null) {
                act(place);
                assertEquals(List.of(), StreamInfo.of(place.stream()).warnings());
            }
            assertEquals(List.of(), place.unfinished(), "unfinished files");
            if (kind == Kind.CREATE || kind == Kind.REPLACE) {
                assertPermissions();
            }
            if (kind == Kind.CONVERT) {
                ImageStream.remove(old(place));
            }
            if (kind != Kind.REMOVE) {
                ImageStream.remove(place.stream());
            } else {
                Aftermath.assertCanBeMade(place, old);
            }
            Aftermath.assertNothingLeft(place);
            if (spec != null) {
                Aftermath.assertCanBeMade(place, spec);
            }
        }

        private void assertPermissions() {
            try {
                for (Path file : place.files()) {
                    assertEquals(PERMISSION_SET, Files.getPosixFilePermissions(file), file + " has other permissions");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            if (audience != null) {
                audience.close();
                audience = null;
            }
        }
    }
}
