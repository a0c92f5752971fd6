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
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.PosixException;

/**
 * A POSIX semaphore shared between processes: a named one, which is a file, or one that lies in a stream's file. Both
 * are mapped and used by glibc's protocol in Java and futex calls, see {@link FutexSemaphore}: another process may
 * truncate the file at any time, and then the C library's functions would crash the JVM. C programs post and wait on the
 * same semaphores. All methods may be called by any thread. The semaphore lives as long as the arena it was opened in;
 * afterwards every call throws {@link IllegalStateException}, and closing the arena is refused while a thread waits.
 *
 * <p>Nothing allocates but a sleep, 64 bytes at most. A post on a semaphore of value 0 on which nobody sleeps is a store
 * and a fence; every other post is a system call.
 *
 * <p>Where the C library is not glibc, its own functions are used.
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
    private static final int MAX_TAKEN = 10_000;
    private static final long RETIRE_LOOK_NS = 100_000L;

    /** Longer sleeps are cut to this, so that no deadline overflows. */
    private static final long LONGEST_NS = Long.MAX_VALUE / 2;

    private final MemorySegment sem;
    private final String name;
    private final boolean byFutex;
    /** Finds out whether the name leads to another semaphore; null for one that has no name. */
    private final FileIdentityCheck identity;

    private final AtomicInteger sleepers = new AtomicInteger();
    private volatile boolean retired;

    private Semaphore(MemorySegment sem, String name, FileIdentityCheck identity) {
        this.sem = sem;
        this.name = name;
        this.byFutex = VALUE_IN_FIRST_WORD;
        this.identity = identity;
        if (byFutex) {
            FutexSemaphore.link();
        }
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
     * @param trustedOwner a user whose semaphores are accepted, besides this process's user and root: usually the
     *     stream's owner
     * @param arena how long it stays open
     * @throws org.shmrt.error.NotFoundException if there is none of that name
     * @throws org.shmrt.error.AccessDeniedException if it must not be read and written, or belongs to a user who is not
     *     trusted
     * @throws IncompatibleException if the file of that name is not a semaphore
     */
    public static Semaphore open(String name, long trustedOwner, Arena arena) {
        Native.requireAccess();
        checkName(name);
        Path path = file(name);
        try (PosixFile file = PosixFile.openUnlinked(path)) {
            FileId id = file.id();
            if (!id.regular() || id.byteSize() < BYTES) {
                throw new IncompatibleException(
                        "the file " + path + " has " + id.byteSize() + " bytes and is not a semaphore: remove it");
            }
            checkOwner(path, file.owner(), trustedOwner);
            return new Semaphore(file.map(BYTES, arena), name, new FileIdentityCheck(path, id));
        }
    }

    /** Opens a named semaphore of this user or root, see {@link #open(String, long, Arena)}. */
    public static Semaphore open(String name, Arena arena) {
        return open(name, OwnProcess.userId(), arena);
    }

    private static void checkOwner(Path path, long owner, long trustedOwner) {
        if (owner != 0 && owner != trustedOwner && owner != OwnProcess.userId()) {
            throw new AccessDeniedException("the semaphore " + path + " belongs to user " + owner
                    + ", who is neither you, root nor the stream's owner: ask that user to remove it, or remove it as "
                    + "root (rm " + path + ")");
        }
    }

    /**
     * Creates a named semaphore.
     *
     * @param name without a leading slash
     * @param permissions its permissions
     * @param value its first value
     * @param arena how long it stays open
     * @return the semaphore
     * @throws org.shmrt.error.AlreadyExistsException if there is one of that name
     * @throws org.shmrt.error.NoSpaceException if shared memory is full
     */
    public static Semaphore create(String name, Permissions permissions, int value, Arena arena) {
        Native.requireAccess();
        checkName(name);
        Native.Scratch scratch = Native.scratch();
        try (Arena local = Arena.ofConfined()) {
            MemorySegment created = (MemorySegment) SemOpen.CALL.invokeExact(
                    scratch.errno,
                    local.allocateFrom("/" + name),
                    Posix.O_CREAT() | Posix.O_EXCL(),
                    permissions.bits(),
                    value);
            if (created.address() == 0) {
                throw Errno.failure("sem_open", file(name), scratch.lastErrno(), BYTES);
            }
            int ignored = (int) SemClose.CALL.invokeExact(created);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        try {
            if (permissions.areExact()) {
                permissions(name, permissions.bits());
            }
            return open(name, OwnProcess.userId(), arena);
        } catch (RuntimeException e) {
            unlink(name);
            throw e;
        }
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
        try (PosixFile file = PosixFile.openUnlinked(file(name))) {
            file.permissions(permissions);
        }
    }

    /**
     * Uses a semaphore that lies in mapped memory. Where another process truncates that memory, a call throws an
     * {@link InternalError}; {@link #tryAcquire} and {@link #acquire} at the moment of the truncation can crash the JVM,
     * the other calls cannot.
     *
     * @param memory {@link #BYTES} bytes, aligned to 8, that are mapped for as long as the segment lives
     * @param name for messages
     */
    public static Semaphore inMemory(MemorySegment memory, String name) {
        Native.requireAccess();
        return new Semaphore(memory.asSlice(0, BYTES, 8), name, null);
    }

    /**
     * Initialises this as a semaphore shared between processes. Only for memory that nobody uses yet.
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
     * Removes a named semaphore; programs that have it open keep it.
     *
     * @param name without a leading slash
     * @return whether there was one
     * @throws org.shmrt.error.AccessDeniedException if it may not be removed
     */
    public static boolean unlink(String name) {
        Native.requireAccess();
        checkName(name);
        return SharedName.unlink(SemUnlink.CALL, "sem_unlink", Path.of(name), file(name));
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

    /** Whether the name of a named semaphore leads to another one by now. Costs a system call; allocates nothing. */
    public boolean isReplaced() {
        return identity != null && identity.check() == FileIdentityCheck.Found.OTHER;
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
     * Whether the words of this semaphore can be those of a semaphore. Memory of another process may hold anything, and a
     * wrong word makes glibc abort the process or sleep forever.
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

    /** Adds one, exactly, and wakes a thread of any process that waits. Never blocks. Only if {@link #isValid()}. */
    public void post() {
        if (byFutex) {
            if (value() == Integer.MAX_VALUE) {
                throw overflow();
            }
            FutexSemaphore.post(sem);
            return;
        }
        try {
            int result = (int) SemPost.CALL.invokeExact(sem);
            if (result != 0) {
                throw overflow();
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private PosixException overflow() {
        return new PosixException(
                "sem_post", name, Posix.EOVERFLOW(), "refused: its value is at its limit, or it is not a semaphore");
    }

    /**
     * First half of a post on a semaphore whose value was just seen to be 0: sets it to 1. The caller issues a full fence
     * and then, if {@link #hasWaiters()}, calls {@link #wake()}. Exact as long as this process is the only one that posts: nobody can take
     * from 0. With a second poster at the same moment two posts may leave one token, never none.
     */
    public void postFromZero() {
        if (byFutex) {
            FutexSemaphore.setOne(sem);
        } else {
            post();
        }
    }

    /**
     * Second part of {@link #postFromZero()}, after the fence: whether {@link #wake()} is needed. Does not poll for
     * faults.
     */
    public boolean hasWaiters() {
        return byFutex && FutexSemaphore.hasWaiters(sem);
    }

    /** Last part of {@link #postFromZero()}: wakes one thread that waits. */
    public void wake() {
        FutexSemaphore.wake(sem);
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

    /** Takes all tokens there are. Never blocks. Only if {@link #isValid()}. */
    public void drain() {
        if (byFutex) {
            FutexSemaphore.drain(sem);
            return;
        }
        int taken = 0;
        while (taken < MAX_TAKEN && tryAcquire()) {
            taken++;
        }
    }

    /**
     * Takes one token, sleeping until there is one. Only if {@link #isValid()}. An interrupt of the thread does not end
     * the sleep: use short times and check in between. A signal ends it early.
     *
     * @param timeoutNs how long to sleep at most, measured on the monotonic clock
     * @return whether one was taken
     */
    public boolean acquire(long timeoutNs) {
        return acquire(timeoutNs, true);
    }

    /**
     * Takes at least one token, sleeping until there is one: for readers to whom a token only means that something
     * happened. Otherwise as {@link #acquire}, but safe when the memory is truncated, for one more system call.
     *
     * @param timeoutNs how long to sleep at most, measured on the monotonic clock
     * @return whether one was taken
     */
    public boolean acquireSome(long timeoutNs) {
        return acquire(timeoutNs, false);
    }

    private boolean acquire(long timeoutNs, boolean exact) {
        if (!isValid()) {
            throw new PosixException("sem_clockwait", name, Posix.EINVAL(), "refused: it is not a semaphore any more");
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
     * Ends the use of the semaphore before its memory is unmapped: a thread that sleeps is counted there, and must undo
     * that. Waits for the threads in {@link #acquire}, one second at most; afterwards no thread can acquire.
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
