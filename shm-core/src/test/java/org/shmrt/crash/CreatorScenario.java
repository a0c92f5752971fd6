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
import java.util.concurrent.locks.LockSupport;
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
 * Creates, replaces or removes a stream. After a crash the name refers to a complete stream, the old or the new one, or
 * does not exist; a reader of the old stream either continues or gets a verdict; and the operation can be repeated.
 */
final class CreatorScenario implements Scenario {
    /** What the target does. */
    enum Action {
        CREATE,
        REPLACE,
        REMOVE,
        CONVERT
    }

    private static final int PERMISSIONS = 0660;
    private static final long RENEWAL_NS = 20_000_000_000L;
    private static final long POLL_NS = 20_000_000;
    private static final Set<PosixFilePermission> PERMISSION_SET = PosixFilePermissions.fromString("rw-rw----");

    private final String name;
    private final Action action;
    private final StreamSpec old;
    private final StreamSpec spec;

    /**
     * Defines a scenario.
     *
     * @param old specification of the stream that exists before, null for none
     * @param spec specification of the stream that the target creates, null for none
     */
    CreatorScenario(String name, Action action, StreamSpec old, StreamSpec spec) {
        this.name = name;
        this.action = action;
        this.old = old;
        this.spec = spec == null ? null : spec.withPermissions(PERMISSIONS).withFirstFrame(new ByteRamp(spec).of(1));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Workspace workspace) {
        if (old != null) {
            ByteRamp.createStream(old(workspace), old, 1).close();
            StaleToken.take(old(workspace));
        }
    }

    /** The source of a conversion is a separate stream. */
    private Path old(Workspace workspace) {
        return action == Action.CONVERT
                ? workspace.directory().resolve(workspace.prefix() + "source.im.shm")
                : workspace.stream();
    }

    @Override
    public TargetProcess.Operation open(Workspace workspace) {
        return () -> act(workspace);
    }

    private void act(Workspace workspace) {
        switch (action) {
            case CREATE -> ImageStream.create(workspace.stream(), spec).close();
            case REPLACE ->
                ImageStream.create(workspace.stream(), spec.replacingExisting()).close();
            case CONVERT -> StreamConversion.of(old(workspace), spec.format()).run(workspace.stream());
            default -> ImageStream.remove(workspace.stream());
        }
    }

    @Override
    public Verifier verifier(Workspace workspace, int ordinal) {
        return new OldStreamVerifier(workspace);
    }

    /** Observes the old stream, if there is one, and then repeats the operation. */
    private final class OldStreamVerifier extends ObservedVerifier {
        OldStreamVerifier(Workspace workspace) {
            super(workspace, (frame, count) -> new ByteRamp(old).isWhole(frame, count));
        }

        @Override
        public void verify(long killedNs) {
            FileId now = FileId.ofOrNull(workspace.stream());
            if (before != null && now != null && now.isSameFile(before)) {
                assertOldStreamWorks();
            } else {
                assertNotified(now, killedNs);
            }
            if (isReplaced(now)) {
                assertNewStreamIsComplete();
            }
            close();
            repeatOperation(now);
        }

        private void assertOldStreamWorks() {
            long beganNs = System.nanoTime();
            try (ImageStream stream = ImageStream.open(workspace.stream());
                    FrameWriter writer = stream.writer()) {
                assertEquals(2, new ByteRamp(old).write(writer, 2));
            }
            observer()
                    .expect(
                            observation -> observation.verdict() == Verdict.FRESH && observation.count() == 2,
                            "frame of the old stream",
                            beganNs);
            assertNoWarnings();
        }

        /** If semaphores of the old stream were removed, its reader opens the new ones within seconds. */
        private void assertNoWarnings() {
            long deadlineNs = System.nanoTime() + RENEWAL_NS;
            while (!StreamInfo.of(workspace.stream()).warnings().isEmpty() && System.nanoTime() < deadlineNs) {
                LockSupport.parkNanos(POLL_NS);
            }
            assertEquals(List.of(), StreamInfo.of(workspace.stream()).warnings());
        }

        private void assertNotified(FileId now, long killedNs) {
            if (observer() != null) {
                Verdict wanted = now == null ? Verdict.REMOVED : Verdict.RECREATED;
                observer().expect(observation -> observation.verdict() == wanted, "verdict " + wanted, killedNs);
            }
        }

        private void assertNewStreamIsComplete() {
            assertEquals(List.of(), StreamInfo.of(workspace.stream()).warnings());
            StreamSpec created = action == Action.CONVERT ? old : spec;
            try (ImageStream stream = ImageStream.open(workspace.stream());
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                assertEquals(1, stream.status().cnt0());
                MemorySegment buffer =
                        MemorySegment.ofArray(new byte[(int) stream.layout().frameBytes()]);
                assertEquals(Verdict.FRESH, reader.readNewest(buffer, 0));
                assertTrue(new ByteRamp(created).isWhole(buffer, 1));
                RecreationCheck.assertWorks(stream, created);
            }
        }

        private void repeatOperation(FileId now) {
            if (action == Action.REMOVE) {
                if (now != null) {
                    act(workspace);
                }
            } else if (action == Action.REPLACE || now == null) {
                act(workspace);
                assertEquals(List.of(), StreamInfo.of(workspace.stream()).warnings());
            }
            assertEquals(List.of(), workspace.unfinished(), "unfinished files");
            if (action == Action.CREATE || action == Action.REPLACE) {
                assertPermissions();
            }
            if (action == Action.CONVERT) {
                ImageStream.remove(old(workspace));
            }
            if (action != Action.REMOVE) {
                ImageStream.remove(workspace.stream());
            } else {
                RecreationCheck.assertCanBeCreated(workspace, old);
            }
            RecreationCheck.assertNothingLeft(workspace);
            if (spec != null) {
                RecreationCheck.assertCanBeCreated(workspace, spec);
            }
        }

        private void assertPermissions() {
            try {
                for (Path file : workspace.files()) {
                    assertEquals(PERMISSION_SET, Files.getPosixFilePermissions(file), file + " has other permissions");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
