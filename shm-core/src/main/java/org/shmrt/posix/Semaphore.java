package org.shmrt.posix;

import java.lang.foreign.Arena;
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
import org.shmrt.text.FileNames;

/**
 * A POSIX semaphore shared between processes: a named semaphore, which is a file, or a semaphore inside a stream's
 * file. C programs post to and wait on the same semaphores. Both kinds are mapped, and used through glibc's protocol in
 * Java and futex calls ({@link FutexSemaphore}), because another process can truncate the file at any time, and then
 * the C library's functions would crash the JVM. If the C library is not glibc, its own functions are used.
 *
 * <p>Any thread may call any method. A semaphore can be used as long as the arena it was opened in is open. Afterwards
 * every call throws {@link IllegalStateException}. The arena cannot be closed while a thread waits.
 *
 * <p>Only a sleep allocates, 64 bytes at most. A post to a semaphore whose value is 0 and on which nobody sleeps is a
 * store and a fence; every other post is a system call.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sem_overview.7.html">sem_overview(7)</a>
 */
public final class Semaphore {
    /** Size of glibc's {@code sem_t} on 64-bit Linux; milk files contain semaphores of this size. */
    public static final int BYTES = 32;

    /** glibc prepends {@code sem.} to a name, and a file name has at most 255 bytes. */
    private static final int MAX_NAME_BYTES = 251;

    private static final Path DIRECTORY = Path.of("/dev/shm");

    private static final VarHandle VALUE = ValueLayout.JAVA_INT.varHandle();

    /** glibc keeps the value in the first word of {@code sem_t}. Loading it is ten times cheaper than a call. */
    public static final boolean VALUE_IN_FIRST_WORD = Native.has("gnu_get_libc_version");

    /** Offset of the third word: 128 if the semaphore is shared between processes, 0 if not. */
    public static final int SHARED_WORD = 8;

    private static final int SHARED = 128;

    private static final long NS_PER_S = 1_000_000_000L;
    private static final int MAX_TAKEN = 10_000;
    private static final long RETIRE_LOOK_NS = 100_000L;

    private final MemorySegment sem;
    private final String name;
    private final boolean byFutex;
    /** Detects whether the name belongs to another semaphore by now; null for a semaphore without a name. */
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

    private static final class SemUnlink {
        static final MethodHandle CALL = Native.withErrno(Posix.sem_unlink$address(), Posix.sem_unlink$descriptor());
    }

    private static final class SemInit {
        static final MethodHandle CALL = Native.withErrno(Posix.sem_init$address(), Posix.sem_init$descriptor());
    }

    /**
     * Opens an existing named semaphore.
     *
     * @param name without a leading slash
     * @param trustedOwner a user whose semaphores are accepted, besides this process's user and root: usually the
     *     stream's owner
     * @param arena determines how long the semaphore stays open
     * @throws org.shmrt.error.NotFoundException if there is no semaphore of that name
     * @throws org.shmrt.error.AccessDeniedException if this process may not read and write it, or it belongs to a user
     *     who is not trusted
     * @throws IncompatibleException if the file of that name is not a semaphore
     */
    public static Semaphore open(String name, long trustedOwner, Arena arena) {
        Native.requireAccess();
        checkName(name);
        Path path = file(name);
        try (PosixFile file = PosixFile.openUnlinked(path)) {
            FileId id = file.id();
            if (!id.regular() || id.byteSize() < BYTES) {
                throw new IncompatibleException("the file " + FileNames.text(path) + " has " + id.byteSize()
                        + " bytes and is not a semaphore: remove it");
            }
            checkOwner(path, file.owner(), trustedOwner);
            return new Semaphore(file.map(BYTES, arena), name, new FileIdentityCheck(path, id));
        }
    }

    /** Opens a named semaphore that belongs to this user or root; see {@link #open(String, long, Arena)}. */
    public static Semaphore open(String name, Arena arena) {
        return open(name, OwnProcess.userId(), arena);
    }

    private static void checkOwner(Path path, long owner, long trustedOwner) {
        if (OwnProcess.isUnmapped(owner)) {
            throw new AccessDeniedException(
                    "the semaphore " + FileNames.text(path) + " belongs to a user who has no id in this user"
                            + " namespace, so whether to the stream's owner is"
                            + " unknown: map that user into the namespace, or wait by"
                            + " spin or an idle strategy");
        }
        if (owner != 0 && owner != trustedOwner && owner != OwnProcess.userId()) {
            throw new AccessDeniedException("the semaphore " + FileNames.text(path) + " belongs to user " + owner
                    + ", who is neither you, root nor the stream's owner: ask that user to remove it, or remove it as "
                    + "root (rm " + FileNames.text(path) + ")");
        }
    }

    /**
     * Creates a named semaphore. A process that is killed meanwhile leaves nothing behind.
     *
     * @param name without a leading slash
     * @param permissions its permissions
     * @param value its initial value
     * @param arena determines how long the semaphore stays open
     * @return the semaphore
     * @throws org.shmrt.error.AlreadyExistsException if a semaphore of that name exists
     * @throws org.shmrt.error.NoSpaceException if shared memory is full
     */
    public static Semaphore create(String name, Permissions permissions, int value, Arena arena) {
        Native.requireAccess();
        checkName(name);
        // The C library's sem_open creates a file of a random name first, which nobody could recognise as left behind.
        try (UnlinkedFile file = UnlinkedFile.in(file(name), permissions);
                Arena local = Arena.ofConfined()) {
            file.reserve(BYTES);
            inMemory(file.map(BYTES, local), name).initialise(value);
            file.link();
        }
        try {
            return open(name, OwnProcess.userId(), arena);
        } catch (RuntimeException | Error e) {
            unlink(name);
            throw e;
        }
    }

    /**
     * Sets the permissions of a named semaphore. The umask does not apply.
     *
     * @param name without a leading slash
     * @param permissions the new permissions
     * @throws org.shmrt.error.NotFoundException if there is no semaphore of that name
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
     * Uses a semaphore in mapped memory. If another process truncates the file behind it, calls throw an {@link
     * InternalError}. Only {@link #tryAcquire} and {@link #acquire} can crash the JVM, if the file is truncated while
     * they run.
     *
     * @param memory {@link #BYTES} bytes, aligned to 8 bytes; they must stay mapped as long as the segment is alive
     * @param name the name in messages
     */
    public static Semaphore inMemory(MemorySegment memory, String name) {
        Native.requireAccess();
        return new Semaphore(memory.asSlice(0, BYTES, 8), name, null);
    }

    /**
     * Initialises the memory as a semaphore that is shared between processes. No other thread or process may use the
     * memory yet.
     *
     * @param value its initial value
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
     * Removes a named semaphore. Programs that have it open can still use it.
     *
     * @param name without a leading slash
     * @return whether it existed
     * @throws org.shmrt.error.AccessDeniedException if this process may not remove it
     */
    public static boolean unlink(String name) {
        Native.requireAccess();
        checkName(name);
        return SharedName.unlink(SemUnlink.CALL, "sem_unlink", FileNames.name(name), file(name));
    }

    /**
     * The file behind a named semaphore on Linux.
     *
     * @param name without a leading slash; bytes that are not UTF-8 as in {@link FileNames#text(Path)}
     * @return {@code /dev/shm/sem.NAME}
     */
    public static Path file(String name) {
        return DIRECTORY.resolve(FileNames.name("sem." + name));
    }

    private static void checkName(String name) {
        SharedName.check("semaphore", name, MAX_NAME_BYTES);
    }

    /** Whether the name belongs to another semaphore by now. Costs a system call; allocates nothing. */
    public boolean isReplaced() {
        return identity != null && identity.check() == FileIdentityCheck.Found.OTHER;
    }

    /**
     * The current value.
     *
     * @return 0 or more; negative only if another process wrote an invalid value
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
     * Whether the memory can be a semaphore. Another process may have written anything there, and an invalid word makes
     * glibc abort the process or sleep forever.
     *
     * @return false if {@link #post()} and {@link #acquire} must not be called
     */
    public boolean isValid() {
        if (!VALUE_IN_FIRST_WORD) {
            return true;
        }
        return isSharedWord((int) VALUE.getOpaque(sem, (long) SHARED_WORD));
    }

    /** Whether the word at {@link #SHARED_WORD} has a value that glibc writes. */
    public static boolean isSharedWord(int word) {
        return word == 0 || word == SHARED;
    }

    /**
     * Adds exactly one token and wakes one waiting thread of any process. Never blocks. Requires {@link #isValid()}.
     */
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
     * First step of a post to a semaphore whose value was just read as 0: sets the value to 1. The caller then issues a
     * full fence and, if {@link #hasWaiters()}, calls {@link #wake()}. The result is exact as long as only this process
     * posts, because nobody can consume a token at 0. If another process posts at the same moment, the two posts can
     * leave one token, but never none.
     */
    public void postFromZero() {
        if (byFutex) {
            FutexSemaphore.setOne(sem);
        } else {
            post();
        }
    }

    /**
     * Second step of a post after {@link #postFromZero()} and the fence: whether {@link #wake()} is needed. Does not
     * poll for faults.
     */
    public boolean hasWaiters() {
        return byFutex && FutexSemaphore.hasWaiters(sem);
    }

    /** Last step of a post after {@link #postFromZero()}: wakes one waiting thread. */
    public void wake() {
        FutexSemaphore.wake(sem);
    }

    /**
     * Consumes one token if there is one. Never blocks.
     *
     * @return whether a token was consumed
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

    /** Consumes all tokens. Never blocks. Requires {@link #isValid()}. */
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
     * Consumes one token, and sleeps until there is one. Requires {@link #isValid()}. Interrupting the thread does not
     * end the sleep, so use short timeouts and check for interrupts in between. A signal ends the sleep early.
     *
     * @param timeoutNs the longest sleep in nanoseconds, measured on the monotonic clock
     * @return whether a token was consumed
     */
    public boolean acquire(long timeoutNs) {
        return acquire(timeoutNs, true);
    }

    /**
     * Consumes at least one token, and sleeps until there is one. It is for readers that use a token only as a sign
     * that something happened. Unlike {@link #acquire(long)}, it is safe when the file is truncated; it costs one more
     * system call.
     *
     * @param timeoutNs the longest sleep in nanoseconds, measured on the monotonic clock
     * @return whether a token was consumed
     */
    public boolean acquireSome(long timeoutNs) {
        return acquire(timeoutNs, false);
    }

    private boolean acquire(long timeoutNs, boolean exact) {
        checkValid();
        if (VALUE_IN_FIRST_WORD) {
            FutexSemaphore.load(sem);
        }
        Native.Scratch scratch = Native.scratch();
        MemorySegment timespec = scratch.deadline(timeoutNs);
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

    /** Consumes at least one token if there is one, see {@link #acquireSome}. Never blocks. */
    public boolean tryAcquireSome() {
        return byFutex ? FutexSemaphore.takeSome(sem) : tryAcquire();
    }

    private void checkValid() {
        if (!isValid()) {
            throw new PosixException("sem_clockwait", name, Posix.EINVAL(), "refused: it is not a semaphore any more");
        }
    }

    /**
     * Registers the caller as a waiter for {@link FutexSemaphore#sleepOnAny}, and writes the entry of the given index.
     * Returns false if the semaphore was retired or truncated; then {@link #unregister()} must not be called.
     */
    public boolean register(MemorySegment entries, int index) {
        checkValid();
        sleepers.incrementAndGet();
        boolean registered = false;
        try {
            registered = !retired && FutexSemaphore.addWaiter(sem, entries, index);
            return registered;
        } finally {
            if (!registered) {
                sleepers.decrementAndGet();
            }
        }
    }

    /** Ends a {@link #register}. */
    public void unregister() {
        try {
            FutexSemaphore.removeWaiter(sem);
        } finally {
            sleepers.decrementAndGet();
        }
    }

    /**
     * Ends the use of the semaphore before its memory is unmapped. A sleeping thread is counted as a waiter in that
     * memory, and must remove itself first. This call waits up to one second for the threads in {@link #acquire(long)}
     * and {@link #acquireSome}. After it, no thread can acquire.
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
