package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.PosixException;
import org.shmrt.error.ShmException;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Scratch;

@Timeout(600)
class SemaphoreTest {
    private static final long MS = 1_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final Arena arena = Arena.ofShared();
    private String name;

    @BeforeEach
    void nameIt() {
        name = scratch.prefix() + "sem";
    }

    @AfterEach
    void removeIt() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
        Semaphore.unlink(name);
    }

    @Test
    void shouldCountPostsAndAcquisitions() {
        Semaphore semaphore = Semaphore.create(name, Permissions.withUmask(0600), 2, arena);

        semaphore.post();

        assertEquals(3, semaphore.value());
        assertTrue(semaphore.tryAcquire());
        assertTrue(semaphore.acquire(0));
        assertTrue(semaphore.acquire(-1));
        assertEquals(0, semaphore.value());
        assertFalse(semaphore.tryAcquire());
        assertFalse(semaphore.acquire(0));
    }

    @Test
    void shouldBeTheSameObjectForAllProcesses() {
        Semaphore created = Semaphore.create(name, Permissions.withUmask(0600), 0, arena);
        Semaphore opened = Semaphore.open(name, arena);

        created.post();

        assertEquals(1, opened.value());
        assertTrue(opened.tryAcquire());
        assertEquals(0, created.value());
    }

    @Test
    void shouldOutliveItsUsers() {
        try (Arena first = Arena.ofConfined()) {
            Semaphore.create(name, Permissions.withUmask(0600), 0, first).post();
        }

        assertEquals(1, Semaphore.open(name, arena).value());
    }

    @Test
    void shouldReportAMissingSemaphore() {
        NotFoundException refusal = assertThrows(NotFoundException.class, () -> Semaphore.open(name, arena));

        assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
        assertFalse(Semaphore.unlink(name));
    }

    @Test
    void shouldNotCreateASecondOneOfTheSameName() {
        Semaphore first = Semaphore.create(name, Permissions.withUmask(0600), 5, arena);

        AlreadyExistsException refusal = assertThrows(
                AlreadyExistsException.class, () -> Semaphore.create(name, Permissions.withUmask(0600), 0, arena));

        assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
        assertEquals(5, first.value());
    }

    @Test
    void shouldStayUsableAfterItsNameIsRemoved() {
        Semaphore semaphore = Semaphore.create(name, Permissions.withUmask(0600), 0, arena);

        assertTrue(Semaphore.unlink(name));

        semaphore.post();
        assertTrue(semaphore.tryAcquire());
        assertThrows(NotFoundException.class, () -> Semaphore.open(name, arena));
    }

    @Test
    void shouldHaveExactlyTheRequestedPermissions() throws Exception {
        Semaphore.create(name, Permissions.exactly(0666), 0, arena);

        assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(Semaphore.file(name))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a/b", "/leading", "nul\0inside"})
    void shouldRejectAnInvalidName(String bad) {
        for (org.junit.jupiter.api.function.Executable use : List.<org.junit.jupiter.api.function.Executable>of(
                () -> Semaphore.open(bad, arena),
                () -> Semaphore.create(bad, Permissions.withUmask(0600), 0, arena),
                () -> Semaphore.unlink(bad))) {
            assertThrows(IllegalArgumentException.class, use);
        }
    }

    @Test
    void shouldAcceptNamesUpToTheLimitOfTheFileSystem() {
        String longest = name + "x".repeat(251 - name.getBytes(StandardCharsets.UTF_8).length);
        String umlauts = "ä".repeat(126);

        Semaphore.create(longest, Permissions.withUmask(0600), 0, arena);

        assertTrue(Semaphore.unlink(longest));
        assertThrows(IllegalArgumentException.class, () -> Semaphore.open(longest + "x", arena));
        assertThrows(IllegalArgumentException.class, () -> Semaphore.open(umlauts, arena), "252 bytes");
    }

    @Test
    void shouldReportTheErrnoWhereNoTypeFits() throws Exception {
        Files.createDirectory(Semaphore.file(name));
        try {
            PosixException refusal = assertThrows(PosixException.class, () -> Semaphore.open(name, arena));

            assertEquals("open", refusal.call());
            assertTrue(refusal.errno() > 0);
            assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
        } finally {
            Files.delete(Semaphore.file(name));
        }
    }

    @Test
    void shouldSleepAtLeastForTheTimeout() {
        Semaphore semaphore = Semaphore.create(name, Permissions.withUmask(0600), 0, arena);
        long startNs = System.nanoTime();

        boolean acquired = semaphore.acquire(30 * MS);

        long sleptNs = System.nanoTime() - startNs;
        assertFalse(acquired);
        assertTrue(sleptNs >= 30 * MS, () -> "slept " + sleptNs + " ns");
    }

    @Test
    void shouldAcceptAnyTimeoutOfALong() {
        Semaphore semaphore = Semaphore.create(name, Permissions.withUmask(0600), 1, arena);

        assertTrue(semaphore.acquire(Long.MAX_VALUE));
        assertFalse(semaphore.acquire(Long.MIN_VALUE));
    }

    @Test
    void shouldWakeASleeperInAnotherProcess() {
        Semaphore semaphore = Semaphore.create(name, Permissions.withUmask(0600), 0, arena);
        try (ChildProcess child = ChildJvm.start("acquire", name, 30_000 * MS)) {
            assertEquals("ready", child.line());
            awaitWaiter();

            semaphore.post();

            assertEquals("true", child.line());
            assertEquals(0, semaphore.value());
        }
    }

    /** In glibc's sem_t the number of waiters follows the value. */
    private void awaitWaiter() {
        try {
            while (Files.readAllBytes(Semaphore.file(name))[4] == 0) {
                Thread.sleep(1);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldRefuseUseAfterItsArenaIsClosed() {
        Semaphore semaphore = Semaphore.create(name, Permissions.withUmask(0600), 1, arena);

        arena.close();

        assertThrows(IllegalStateException.class, semaphore::post);
        assertThrows(IllegalStateException.class, semaphore::tryAcquire);
        assertThrows(IllegalStateException.class, () -> semaphore.acquire(0));
        assertThrows(IllegalStateException.class, semaphore::value);
    }

    @Test
    void shouldWorkInMappedMemory() {
        MemorySegment memory = arena.allocate(Semaphore.BYTES, 8);
        Semaphore semaphore = Semaphore.inMemory(memory, "in memory");

        semaphore.initialise(1);

        assertEquals(1, semaphore.value());
        assertTrue(semaphore.tryAcquire());
        semaphore.post();
        assertEquals(1, Semaphore.inMemory(memory, "again").value());
    }

    @Test
    void shouldRefuseToPostBeyondTheLimit() {
        Semaphore semaphore = Semaphore.create(name, Permissions.withUmask(0600), Integer.MAX_VALUE, arena);

        ShmException refusal = assertThrows(ShmException.class, semaphore::post);

        assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
    }
}
