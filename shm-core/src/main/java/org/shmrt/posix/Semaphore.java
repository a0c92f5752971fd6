package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.PosixException;

/**
 * A POSIX semaphore shared between processes: a named one, or one that lies in mapped memory. All methods
 * may be called by any thread. The semaphore lives as long as the arena it was opened in; afterwards every
 * call throws {@link IllegalStateException}, and closing the arena is refused while a thread waits.
 *
 * <p>Nothing allocates but a sleep, 64 bytes at most. {@link #tryAcquire()} costs 15 to 35 ns, and so does
 * {@link #post()} to a named one on which nobody sleeps; a post that wakes a sleeper, and every one to a semaphore in
 * mapped memory, is a system call.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sem_overview.7.html">sem_overview(7)</a>
 */
public final class Semaphore {
    /** Size of glibc's {@code sem_t} on 64-bit Linux; the milk format has it in its files. */
    public static final int BYTES = 32;

    /** glibc's names are files of this prefix, so the longest name is 251 bytes. */
    private static final int MAX_NAME_BYTES = 251;

    private static final VarHandle VALUE = ValueLayout.JAVA_INT.varHandle();

    /** glibc keeps the value in the low word (formats: sem_t), where a load is ten times cheaper than a call. */
    private static final boolean VALUE_IN_FIRST_WORD = Native.has("gnu_get_libc_version");

    /** The third word says whether a semaphore is shared between processes (128) or not (0), and nothing else. */
    public static final int SHARED_WORD = 8;

    private static final int SHARED = 128;

    private static final long NS_PER_S = 1_000_000_000L;
    private static final int MOST_TAKEN = 10_000;
    private static final long RETIRE_LOOK_NS = 100_000L;

    /** Longer sleeps are cut to this, so that no deadline overflows. */
    private static final long LONGEST_NS = Long.MAX_VALUE / 2;

    private final MemorySegment sem;
    private final String name;
    private final boolean byFutex;
    private final AtomicInteger sleepers = new AtomicInteger();
    private volatile boolean retired;

    private Semaphore(MemorySegment sem, String name, boolean byFutex) {
        this.sem = sem;
        this.name = name;
        this.byFutex = byFutex;
    }

    private static final class SemOpen {
        static final MethodHandle CALL = Native.withErrnoVariadic(
                Posix.sem_open.address(),
                FunctionDescriptor.of(Posix.C_POINTER, Posix.C_POINTER, Posix.C_INT, Posix.C_INT, Posix.C_INT),
                2);
    }

    private static final class SemPost {
        static final MethodHandle CALL = Native.critical(Posix.sem_post$address(), Posix.sem_post$descriptor());
    }

    private static final class SemTryWait {
        static final MethodHandle CALL = Native.critical(Posix.sem_trywait$address(), Posix.sem_trywait$descriptor());
    }

    private static final class SemGetValue {
        static final MethodHandle CALL = Native.critical(Posix.sem_getvalue$address(), Posix.sem_getvalue$descriptor());
    }

    private static final class SemClockWait {
        static final MethodHandle CALL =
                Native.withErrno(Posix.sem_clockwait$address(), Posix.sem_clockwait$descriptor());
    }

    private static final class SemClose {
        static final MethodHandle CALL = Native.plain(Posix.sem_close$address(), Posix.sem_close$descriptor());
    }

    private static final class SemUnlink {
        static final MethodHandle CALL = Native.withErrno(Posix.sem_unlink$address(), Posix.sem_unlink$descriptor());
    }

    private static final class SemInit {
        static final MethodHandle CALL = Native.withErrno(Posix.sem_init$address(), Posix.sem_init$descriptor());
    }

    /**
     * Opens a named semaphore that exists.
     *
     * @param name without a leading slash
     * @param arena how long it stays open
     * @return the semaphore
     * @throws org.shmrt.error.NotFoundException if there is none of that name
     * @throws org.shmrt.error.AccessDeniedException if it may not be read and written
     * @throws IncompatibleException if the file of that name is empty
     */
    public static Semaphore open(String name, Arena arena) {
        Native.requireAccess();
        return open(name, 0, 0, 0, arena);
    }

    /**
     * Creates a named semaphore.
     *
     * @param name without a leading slash
     * @param permissions of the new semaphore
     * @param exact whether these hold whatever the umask, else the umask is taken off
     * @param value its first value
     * @param arena how long it stays open
     * @return the semaphore
     * @throws org.shmrt.error.AlreadyExistsException if there is one of that name
     * @throws org.shmrt.error.NoSpaceException if shared memory is full
     */
    public static Semaphore create(String name, int permissions, boolean exact, int value, Arena arena) {
        Native.requireAccess();
        Semaphore semaphore = open(name, Posix.O_CREAT() | Posix.O_EXCL(), permissions, value, arena);
        if (exact) {
            try {
                permissions(name, permissions);
            } catch (RuntimeException e) {
                unlink(name);
                throw e;
            }
        }
        return semaphore;
    }

    /**
     * Sets the permissions of a named semaphore, whatever the umask.
     *
     * @param name without a leading slash
     * @param permissions the new ones
     * @throws org.shmrt.error.NotFoundException if there is none of that name
     * @throws org.shmrt.error.AccessDeniedException if it belongs to another user
     */
    public static void permissions(String name, int permissions) {
        Native.requireAccess();
        checkName(name);
        try (PosixFile file = PosixFile.open(file(name), true)) {
            file.permissions(permissions);
        }
    }

    private static Semaphore open(String name, int flags, int permissions, int value, Arena arena) {
        checkName(name);
        Native.Scratch scratch = Native.scratch();
        try (Arena local = Arena.ofConfined()) {
            MemorySegment opened = (MemorySegment)
                    SemOpen.CALL.invokeExact(scratch.errno, local.allocateFrom("/" + name), flags, permissions, value);
            if (opened.address() == 0) {
                throw Errno.failure("sem_open", file(name), scratch.lastErrno(), BYTES);
            }
            return checked(new Semaphore(sized(opened, arena), name, false));
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The C library maps whatever file has the name, and would die of one without a byte in it. */
    private static Semaphore checked(Semaphore opened) {
        try {
            FutexSemaphore.look(opened.sem);
            return opened;
        } catch (InternalError e) {
            throw new IncompatibleException(
                    "the file " + file(opened.name) + " is empty and no semaphore: remove it", e);
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment sized(MemorySegment opened, Arena arena) {
        return opened.reinterpret(BYTES, arena, Semaphore::close);
    }

    private static void close(MemorySegment opened) {
        try {
            // Fails only for what is no semaphore. glibc counts how often a process has one open.
            int ignored = (int) SemClose.CALL.invokeExact(opened);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Uses a semaphore that lies in mapped memory. Where another process cuts that memory off, a call throws an
     * {@link InternalError}; {@link #tryAcquire}, {@link #acquire} and {@link #drain} in the instant of the cut can end
     * the JVM, {@link #post}, {@link #acquireSome} and {@link #value} cannot.
     *
     * @param memory {@link #BYTES} bytes, aligned to 8, that are mapped for as long as the segment lives
     * @param name for messages
     * @return the semaphore
     */
    public static Semaphore inMemory(MemorySegment memory, String name) {
        Native.requireAccess();
        if (VALUE_IN_FIRST_WORD) {
            FutexSemaphore.link();
        }
        return new Semaphore(memory.asSlice(0, BYTES, 8), name, VALUE_IN_FIRST_WORD);
    }

    /**
     * Makes this a fresh semaphore shared between processes. Only for one in mapped memory that nobody uses.
     *
     * @param value its first value
     */
    public void initialise(int value) {
        Native.Scratch scratch = Native.scratch();
        try {
            int result = (int) SemInit.CALL.invokeExact(scratch.errno, sem, 1, value);
            if (result != 0) {
                throw Errno.failure("sem_init", Path.of(name), scratch.lastErrno(), BYTES);
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Removes a named semaphore; who has it open keeps it.
     *
     * @param name without a leading slash
     * @return whether there was one
     * @throws org.shmrt.error.AccessDeniedException if it may not be removed
     */
    public static boolean unlink(String name) {
        Native.requireAccess();
        checkName(name);
        return SharedName.unlink(SemUnlink.CALL, "sem_unlink", name, file(name));
    }

    /**
     * The file behind a named semaphore on Linux.
     *
     * @param name without a leading slash
     * @return {@code /dev/shm/sem.NAME}
     */
    public static Path file(String name) {
        return Path.of("/dev/shm/sem." + name);
    }

    private static void checkName(String name) {
        SharedName.check("semaphore", name, MAX_NAME_BYTES);
    }

    /**
     * The current value.
     *
     * @return 0 or more; less only if another process wrote what no semaphore can have
     */
    public int value() {
        if (VALUE_IN_FIRST_WORD) {
            return (int) VALUE.getOpaque(sem, 0L);
        }
        MemorySegment number = Native.scratch().number;
        try {
            int result = (int) SemGetValue.CALL.invokeExact(sem, number);
            return result == 0 ? number.get(ValueLayout.JAVA_INT, 0) : 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Whether the words of this semaphore can be those of one. Memory that another process made may hold anything, and
     * glibc meets a wrong word with the end of the process, or with a sleep that nothing ends.
     *
     * @return false if {@link #post()} and {@link #acquire} must not be called
     */
    public boolean isValid() {
        if (!VALUE_IN_FIRST_WORD) {
            return true;
        }
        return isSharedWord((int) VALUE.getOpaque(sem, (long) SHARED_WORD));
    }

    public static boolean isSharedWord(int word) {
        return word == 0 || word == SHARED;
    }

    /** Adds one, waking a thread of any process that waits. Never blocks. Only for one that {@link #isValid()}. */
    public void post() {
        if (byFutex) {
            FutexSemaphore.post(sem);
            return;
        }
        try {
            int result = (int) SemPost.CALL.invokeExact(sem);
            if (result != 0) {
                throw new PosixException(
                        "sem_post",
                        name,
                        Posix.EOVERFLOW(),
                        "refused: its value is at the limit, or it is no semaphore");
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Takes one if there is one. Never blocks.
     *
     * @return whether one was taken
     */
    public boolean tryAcquire() {
        if (byFutex) {
            return FutexSemaphore.tryAcquire(sem);
        }
        try {
            return (int) SemTryWait.CALL.invokeExact(sem) == 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Takes all there are, in a few steps however many. Never blocks. Only for one that {@link #isValid()}.
     *
     * @return false if others keep adding
     */
    public boolean drain() {
        for (int attempt = 0; attempt < MOST_TAKEN; attempt++) {
            if (VALUE_IN_FIRST_WORD ? FutexSemaphore.tryDrain(sem) : !tryAcquire()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes one, sleeping until there is one. Only for one that {@link #isValid()}. An interrupt of the thread does not
     * end the sleep: use short times and look in between. A signal ends it early.
     *
     * @param timeoutNs how long to sleep at most, measured on the monotonic clock
     * @return whether one was taken
     */
    public boolean acquire(long timeoutNs) {
        return acquire(timeoutNs, true);
    }

    /**
     * Takes at least one, sleeping until there is one: for those to whom a semaphore is a call to look, however many
     * calls there were. Otherwise as {@link #acquire}; but where a semaphore lies in mapped memory, that memory may be
     * cut off at any moment, and it costs a system call more.
     *
     * @param timeoutNs how long to sleep at most, measured on the monotonic clock
     * @return whether one was taken
     */
    public boolean acquireSome(long timeoutNs) {
        return acquire(timeoutNs, false);
    }

    private boolean acquire(long timeoutNs, boolean exact) {
        if (!isValid()) {
            throw new PosixException("sem_clockwait", name, Posix.EINVAL(), "refused: it is no semaphore any more");
        }
        if (VALUE_IN_FIRST_WORD) {
            FutexSemaphore.look(sem);
        }
        Native.Scratch scratch = Native.scratch();
        long deadlineNs = Clocks.monotonicNs() + Math.clamp(timeoutNs, 0, LONGEST_NS);
        MemorySegment timespec = scratch.timespec;
        timespec.set(ValueLayout.JAVA_LONG, 0, deadlineNs / NS_PER_S);
        timespec.set(ValueLayout.JAVA_LONG, 8, deadlineNs % NS_PER_S);
        if (byFutex) {
            sleepers.incrementAndGet();
            try {
                return !retired && FutexSemaphore.acquire(sem, name, exact, scratch, timespec);
            } finally {
                sleepers.decrementAndGet();
            }
        }
        try {
            int result = (int) SemClockWait.CALL.invokeExact(scratch.errno, sem, Posix.CLOCK_MONOTONIC(), timespec);
            if (result == 0) {
                return true;
            }
            int errno = scratch.lastErrno();
            if (errno == Posix.ETIMEDOUT() || errno == Posix.EINTR()) {
                return false;
            }
            throw Errno.failure("sem_clockwait", Path.of(name), errno, 0);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Ends the use of a semaphore in mapped memory, before that memory is given up: a thread that sleeps counts itself
     * there, and has to take that back. Waits for the threads that are in {@link #acquire}, one second at most; from
     * then on it takes none.
     */
    public void retire() {
        retired = true;
        long startNs = System.nanoTime();
        while (sleepers.get() > 0 && System.nanoTime() - startNs < NS_PER_S) {
            LockSupport.parkNanos(RETIRE_LOOK_NS);
        }
    }

    @Override
    public String toString() {
        return "semaphore " + name;
    }
}
