package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.PosixException;
import org.shmrt.testing.FaultRun;
import org.shmrt.testing.FileTruncation;
import org.shmrt.testing.Scratch;

/** The Java implementation and the C library on the same semaphore: a named semaphore, and a mapping of its file. */
@Tag("slow")
@Timeout(600)
class FutexSemaphoreTest {
    private static final long MS = 1_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final Arena arena = Arena.ofShared();
    private String name;
    private Semaphore libc;
    private Semaphore java;
    private MemorySegment memory;

    @BeforeEach
    void create() {
        name = scratch.prefix() + "sem";
        libc = Semaphore.create(name, Permissions.withUmask(0600), 0, arena);
        memory = MappedFile.readWrite(Semaphore.file(name), arena).segment();
        java = Semaphore.inMemory(memory, name);
    }

    @AfterEach
    void remove() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
        Semaphore.unlink(name);
    }

    /** Starts a sleep of half a second and returns when it is seen; starts it again if it has passed before. */
    private Future<Boolean> startSleep(ExecutorService thread, Callable<Boolean> sleep) throws Exception {
        Future<Boolean> sleeping = thread.submit(sleep);
        while (waiters() == 0) {
            if (sleeping.isDone()) {
                assertFalse(sleeping.get());
                sleeping = thread.submit(sleep);
            }
            Thread.onSpinWait();
        }
        return sleeping;
    }

    private int waiters() {
        return memory.get(ValueLayout.JAVA_INT, 4);
    }

    @Test
    void shouldShareItsStateWithTheLibrary() {
        libc.post();
        java.post();
        assertEquals(2, java.value());

        assertTrue(java.tryAcquire());
        assertTrue(libc.tryAcquire());
        assertFalse(java.tryAcquire());
        assertFalse(java.acquire(0));
        assertFalse(java.acquire(-1));
        assertFalse(java.acquire(2 * MS));
        assertEquals(0, waiters());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeAndBeWokenByTheLibrary(boolean javaSleeps) throws Exception {
        Semaphore sleeper = javaSleeps ? java : libc;
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            for (boolean exact : new boolean[] {true, false}) {
                Future<Boolean> woken =
                        thread.submit(() -> exact ? sleeper.acquire(30_000 * MS) : sleeper.acquireSome(30_000 * MS));
                while (waiters() == 0) {
                    Thread.onSpinWait();
                }
                (javaSleeps ? libc : java).post();

                assertTrue(woken.get());
            }
        }
        assertEquals(0, waiters());
        assertEquals(0, java.value());
    }

    @Test
    void shouldLoseNoTokenBetweenBoth() throws Exception {
        int tokens = 40_000;
        AtomicInteger acquired = new AtomicInteger();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (Semaphore semaphore : List.of(java, libc, java, libc)) {
            tasks.add(() -> {
                for (int i = 0; i < tokens / 4; i++) {
                    semaphore.post();
                }
                return null;
            });
            tasks.add(() -> {
                while (acquired.get() < tokens) {
                    if (semaphore.acquire(MS)) {
                        acquired.incrementAndGet();
                    }
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        }
        assertEquals(tokens, acquired.get());
        assertEquals(0, java.value());
        assertEquals(0, waiters());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 10, 256, Integer.MAX_VALUE, -1})
    void shouldTakeAtLeastOneAvailableToken(int value) {
        memory.set(ValueLayout.JAVA_INT, 0, value);

        long acquired = 0;
        for (int takes = 0; java.value() != 0; takes++) {
            assertTrue(takes < 32, "tokens remain after 32 calls");
            int before = java.value();
            assertTrue(java.acquireSome(0));
            assertTrue(Integer.compareUnsigned(java.value(), before) < 0);
            acquired += Integer.toUnsignedLong(before) - Integer.toUnsignedLong(java.value());
        }

        assertEquals(Integer.toUnsignedLong(value), acquired);
        assertFalse(java.acquireSome(0));
        assertFalse(java.acquireSome(2 * MS));
        assertEquals(0, waiters());
    }

    @Test
    void shouldNotTakeMissingTokensConcurrently() throws Exception {
        int tokens = 40_000;
        AtomicBoolean posted = new AtomicBoolean();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (Semaphore semaphore : List.of(java, java, libc)) {
            tasks.add(() -> {
                while (!posted.get() || java.value() != 0) {
                    boolean ignored = semaphore == java ? java.acquireSome(MS) : libc.tryAcquire();
                    int value = java.value();
                    assertTrue(value >= 0 && value <= tokens, () -> "the value is " + value);
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<Future<Void>> taking = tasks.stream().map(threads::submit).toList();
            for (int i = 0; i < tokens; i++) {
                (i % 2 == 0 ? java : libc).post();
            }
            posted.set(true);
            for (Future<Void> done : taking) {
                done.get();
            }
        }
        assertEquals(0, java.value());
        assertEquals(0, waiters());
    }

    @Test
    void shouldNotDecrementTheWaitersOfASemaphoreThatWasInitialisedMeanwhile() throws Exception {
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Boolean> sleeping = startSleep(thread, () -> java.acquireSome(500 * MS));

            memory.set(ValueLayout.JAVA_LONG, 0, 0);

            assertFalse(sleeping.get());
            assertEquals(0, waiters());
        }
    }

    @Test
    void shouldLeaveNoWaiterWhenItRetires() throws Exception {
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Boolean> sleeping = startSleep(thread, () -> java.acquire(500 * MS));

            java.retire();

            assertEquals(0, waiters());
            assertFalse(sleeping.get());
            java.post();
            assertFalse(java.acquire(0), "a retired semaphore does not sleep");
        }
    }

    @Test
    void shouldThrowInternalErrorAfterATruncation() throws IOException {
        Path file = Files.write(scratch.directory().resolve("cut"), new byte[4096]);
        Semaphore truncated =
                Semaphore.inMemory(MappedFile.readWrite(file, arena).segment(), "cut");
        truncated.initialise(1);
        assertTrue(truncated.acquire(MS));
        FileTruncation.truncate(file, 0);

        assertThrows(InternalError.class, () -> truncated.acquire(MS));
        assertThrows(InternalError.class, () -> truncated.acquireSome(MS));
        assertThrows(InternalError.class, truncated::post);
        assertThrows(InternalError.class, truncated::tryAcquire);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-Xmixed"})
    void shouldSurviveRepeatedTruncation(String mode) throws IOException {
        Path file = Files.write(scratch.directory().resolve("cut"), new byte[4096]);
        FaultRun.assertSurvives(mode, SemaphoreFaultChild.class, file, 2000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 77, 129, -1})
    void shouldRefuseToSleepOnInvalidMemory(int sharedWord) {
        assertTrue(java.isValid());
        memory.set(ValueLayout.JAVA_INT, 8, sharedWord);

        assertFalse(java.isValid());
        assertFalse(libc.isValid());
        assertThrows(PosixException.class, () -> java.acquire(MS));
        assertThrows(PosixException.class, () -> libc.acquire(MS));
        memory.set(ValueLayout.JAVA_INT, 8, 128);
    }
}
