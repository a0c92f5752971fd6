package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.BusyException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Semaphore;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Isolation;
import org.shmrt.testing.Scratch;

/**
 * What a user without rights on a stream can and cannot do to those who use it: root here, and nobody as the other user.
 */
@Timeout(600)
class ForeignUserTest {
    private static final long S = 1_000_000_000L;
    private static final int SHARED_BETWEEN_PROCESSES = 128;
    private static final int OWNER = 12345;
    private static final List<String> USER_NAMESPACE = List.of("unshare", "--user", "--map-root-user");
    /** Position of the byte that a reader locks to claim semaphore 0. */
    private static final long CLAIMS = 1L << 62;

    private static final int SEMAPHORES = 10;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final MemorySegment frame = MemorySegment.ofArray(new byte[16]);

    private ImageStream create(Path path, String format) throws IOException {
        Isolation.assumePermitted(Isolation.AS_NOBODY);
        Files.setPosixFilePermissions(scratch.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        ImageStream stream = ImageStream.create(path, StreamSpec.of(format, DataType.UINT8, Shape.of(4, 4)));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        return stream;
    }

    private static void giveToNobody(Path file) throws IOException {
        giveTo(Isolation.NOBODY, file);
    }

    private static void giveTo(int user, Path file) throws IOException {
        Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
    }

    /** The locks that the kernel grants with read permission: the writer and the readers get theirs nevertheless. */
    @ParameterizedTest
    @ValueSource(strings = {"flock", "read-lock"})
    void shouldWriteAStreamThatAnotherUserWithReadPermissionHasLocked(String lock) throws IOException {
        for (String format : List.of("dao", "milk")) {
            Path path = scratch.stream(format);
            try (ImageStream stream = create(path, format);
                    ChildProcess other = Isolation.startPython(Isolation.AS_NOBODY, "lock_peer.py", lock, path)) {
                assertEquals("held", other.line());
                try (FrameWriter writer = stream.writer();
                        FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                    assertEquals(1, writer.write(frame));
                    assertEquals(Verdict.FRESH, reader.awaitNext(S));
                    assertEquals(List.of(), StreamInfo.of(path).warnings());
                }
            }
        }
    }

    @Test
    void shouldNotGrantTheWritersLockToAUserWithReadPermission() throws IOException {
        Path path = scratch.stream("cam");
        try (ImageStream stream = create(path, "milk");
                ChildProcess other =
                        Isolation.startPython(Isolation.AS_NOBODY, "lock_peer.py", "write-lock-read-only", path)) {
            assertTrue(other.line().startsWith("refused"));
            stream.writer().close();
        }
    }

    /** A read lock does not block a writer. In return, the writer has no lock that the kernel shows to others. */
    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldNotExcludeASecondWriterWhileAUserHasAReadLock(String format) throws IOException {
        Path path = scratch.stream("cam");
        try (ImageStream stream = create(path, format);
                ImageStream second = ImageStream.open(path)) {
            try (ChildProcess other = Isolation.startPython(Isolation.AS_NOBODY, "lock_peer.py", "read-lock", path)) {
                assertEquals("held", other.line());
                try (FrameWriter writer = stream.writer();
                        FrameReader reader = second.reader(WaitStrategy.semaphore())) {
                    second.writer().close();
                    writer.claim();
                    Verdict verdict = Verdict.TIMED_OUT;
                    for (int i = 0; i < 30 && verdict == Verdict.TIMED_OUT; i++) {
                        verdict = reader.awaitNext(2 * S);
                    }
                    assertEquals(Verdict.STALE_WRITER, verdict);
                    writer.abort();
                }
            }
            try (FrameWriter writer = stream.writer();
                    ChildProcess late = Isolation.startPython(Isolation.AS_NOBODY, "lock_peer.py", "read-lock", path)) {
                assertTrue(late.line().startsWith("refused"));
                assertEquals(1, writer.write(frame));
                assertThrows(BusyException.class, second::writer);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldAvoidTheSemaphoresThatAUserWithReadPermissionHasLocked(String format) throws IOException {
        Path path = scratch.stream("cam");
        try (ImageStream stream = create(path, format);
                ChildProcess other = readLock(path, CLAIMS + 8, 2);
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                FrameReader chosenByHand = stream.reader(WaitStrategy.semaphore(9))) {
            assertFalse(other.hasEnded());
            assertEquals(7, reader.semaphoreIndex());
            assertEquals(9, chosenByHand.semaphoreIndex());
            assertEachFrameReachesBoth(stream, reader, chosenByHand);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldShareASemaphoreIfAUserWithReadPermissionHasLockedAll(String format) throws IOException {
        Path path = scratch.stream("cam");
        try (ImageStream stream = create(path, format);
                ChildProcess other = readLock(path, CLAIMS, SEMAPHORES);
                FrameReader one = stream.reader(WaitStrategy.semaphore());
                FrameReader two = stream.reader(WaitStrategy.hybrid(0))) {
            assertFalse(other.hasEnded());
            assertEquals(0, one.semaphoreIndex());
            assertEquals(0, two.semaphoreIndex());
            assertEachFrameReachesBoth(stream, one, two);
        }
    }

    private static ChildProcess readLock(Path path, long start, long length) {
        ChildProcess other =
                Isolation.startPython(Isolation.AS_NOBODY, "lock_peer.py", "read-lock", path, start, length);
        assertEquals("held", other.line());
        return other;
    }

    private void assertEachFrameReachesBoth(ImageStream stream, FrameReader one, FrameReader two) {
        try (FrameWriter writer = stream.writer()) {
            for (int count = 1; count <= 20; count++) {
                assertEquals(count, writer.write(frame));
                for (FrameReader reader : List.of(one, two)) {
                    assertEquals(Verdict.FRESH, reader.awaitNext(60 * S));
                    assertEquals(count, reader.count());
                }
            }
        }
    }

    /** A semaphore of the right name, owned by a user who could truncate it at any time. */
    @Test
    void shouldNotAdoptASemaphoreThatAnotherUserHasPlanted() throws IOException {
        Path path = scratch.stream("cam");
        create(path, "dao").close();
        String name = scratch.semaphores().stream()
                .filter(semaphore -> semaphore.endsWith("_sem03"))
                .findFirst()
                .orElseThrow();
        ImageStream.remove(path);
        Path planted = Files.write(Semaphore.file(name), emptySemaphore());
        try {
            giveToNobody(planted);

            AccessDeniedException refusal = assertThrows(AccessDeniedException.class, () -> create(path, "dao"));

            assertTrue(refusal.getMessage().contains(planted.toString()), refusal.getMessage());
            assertFalse(Files.exists(path));
        } finally {
            Files.delete(planted);
        }
    }

    @Test
    void shouldNotUseASemaphoreThatAnotherUserHasPutInPlaceOfTheStreamsOwn() throws IOException {
        Path path = scratch.stream("cam");
        create(path, "dao").close();
        String name = scratch.semaphores().getFirst();
        Files.delete(Semaphore.file(name));
        Path planted = Files.write(Semaphore.file(name), emptySemaphore());
        giveToNobody(planted);

        AccessDeniedException refusal = assertThrows(AccessDeniedException.class, () -> ImageStream.open(path));

        assertTrue(refusal.getMessage().contains(planted.toString()), refusal.getMessage());
        try (ImageStream reading = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(0, reading.status().cnt0());
        }
    }

    /** All users without an id in a user namespace have one number there, the stream's owner and any other. */
    @Test
    void shouldNotUseTheSemaphoreOfAnUnmappedUserInAUserNamespace() throws IOException {
        Isolation.assumePermitted(USER_NAMESPACE);
        Path path = scratch.stream("cam");
        create(path, "dao").close();
        Set<PosixFilePermission> all = PosixFilePermissions.fromString("rw-rw-rw-");
        giveTo(OWNER, Files.setPosixFilePermissions(path, all));
        for (String name : scratch.semaphores()) {
            giveTo(OWNER + 1, Files.setPosixFilePermissions(Semaphore.file(name), all));
        }

        try (ChildProcess child = Isolation.startStreamChild(USER_NAMESPACE, "open", path, Access.READ_WRITE)) {
            String refusal = child.lineWith("AccessDeniedException");
            assertTrue(refusal.contains("has no id in this user namespace"), refusal);
        }
    }

    @Test
    void shouldUseTheSemaphoresOfTheStreamsOwner() throws IOException {
        Path path = scratch.stream("cam");
        create(path, "dao").close();
        giveToNobody(path);
        for (String name : scratch.semaphores()) {
            giveToNobody(Semaphore.file(name));
        }

        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            assertEquals(1, writer.write(frame));
            assertEquals(Verdict.FRESH, reader.awaitNext(S));
        }
    }

    /** The kernel makes an open wait for the holder of a lease, by default for 45 seconds. */
    @Test
    void shouldReportALeaseInsteadOfWaitingForItsHolder() throws IOException {
        Path path = scratch.stream("cam");
        create(path, "milk").close();
        giveToNobody(path);
        try (ChildProcess owner = Isolation.startPython(Isolation.AS_NOBODY, "lock_peer.py", "lease", path)) {
            assertEquals("held", owner.line());

            for (Access access : Access.values()) {
                BusyException refusal = assertThrows(BusyException.class, () -> ImageStream.open(path, access));
                assertTrue(refusal.getMessage().contains("lease"), refusal.getMessage());
            }
            assertThrows(BusyException.class, () -> StreamInfo.of(path));
        }
        ImageStream.open(path).close();
    }

    private static byte[] emptySemaphore() {
        return ByteBuffer.allocate(Semaphore.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Semaphore.SHARED_WORD, SHARED_BETWEEN_PROCESSES)
                .array();
    }
}
