package org.shmrt.posix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;

/**
 * glibc's semaphore protocol, implemented with Java loads and futex calls instead of the C library's functions. It is
 * compatible with glibc: C programs post to and wait on the same semaphores.
 *
 * <p>The reason is that semaphores are in mapped files, and another process can truncate a file at any time. On a
 * truncated page the C library's functions crash the JVM. So do Java's atomic operations, unless the code is compiled
 * by C2. Two kinds of access are safe: a plain load or store from Java raises an error that can be caught, and a system
 * call returns EFAULT. On the path of a frame, each atomic update is therefore a futex call: FUTEX_WAKE_OP changes a
 * word atomically in the kernel.
 *
 * <p>The first eight bytes form one word: the lower half is the value, the upper half is the number of waiters. A post
 * adds 1 to the value and wakes one waiter. A waiter increments the number of waiters, sleeps while the value is 0,
 * consumes a token, and decrements the number of waiters. This class has no state and its methods allocate nothing.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/futex.2.html">futex(2), FUTEX_WAKE_OP</a>
 */
public final class FutexSemaphore {
    /** Size of the kernel's {@code struct futex_waitv}, an entry of {@link #sleepOnAny}. */
    public static final int ENTRY_BYTES = 24;

    /** The most entries that the kernel accepts. */
    public static final int MAX_ENTRIES = 128;

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    /** Offset of the number of waiters in {@code sem_t}: its second word. */
    public static final long WAITERS_OFFSET = 4;

    private static final int ADD_ONE = step(Posix.FUTEX_OP_ADD(), 1);
    private static final int ADD_NONE = step(Posix.FUTEX_OP_ADD(), 0);
    /** FUTEX_OP_SET, which is 0. */
    private static final int SET_ZERO = step(0, 0);

    private static final int TAKE_ONE = step(Posix.FUTEX_OP_ADD(), -1);
    /** Clears the bit whose number is the operand. */
    private static final int CLEAR_BIT = Posix.FUTEX_OP_ANDN() | Posix.FUTEX_OP_OPARG_SHIFT();

    private FutexSemaphore() {}

    private static final class Futex {
        private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
                Posix.C_LONG,
                Posix.C_LONG,
                Posix.C_POINTER,
                Posix.C_INT,
                Posix.C_INT,
                Posix.C_LONG,
                Posix.C_LONG,
                Posix.C_INT);
        static final MethodHandle WAIT = Native.withErrnoVariadic(Posix.syscall.address(), SHAPE, 1);
        /** Does not capture errno, because capturing it allocates 40 bytes per call until the call is compiled. */
        static final MethodHandle STEP = Native.plainVariadic(Posix.syscall.address(), SHAPE, 1);
    }

    /** The sleep on several semaphores, linked only by programs that need it. */
    private static final class FutexWaitv {
        private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
                Posix.C_LONG, Posix.C_LONG, Posix.C_LONG, Posix.C_INT, Posix.C_INT, Posix.C_LONG, Posix.C_INT);
        /** Does not capture errno: a caller of a sleep that failed finds out why by other means. */
        static final MethodHandle WAIT = Native.plainVariadic(Posix.syscall.address(), SHAPE, 1);

        static final MethodHandle PROBE = Native.withErrnoVariadic(Posix.syscall.address(), SHAPE, 1);
    }

    /** Links the calls in advance, because linking takes milliseconds and must not delay the first wait or post. */
    static void link() {
        MethodHandle ignored = Futex.WAIT;
    }

    /** Adds one token atomically and wakes one sleeping thread. */
    static void post(MemorySegment sem) {
        // False means that the file was truncated. Nobody can wait on the semaphore any more, so there is nothing to
        // do.
        boolean ignored = change(sem, 0, ADD_ONE, 1);
    }

    /**
     * Sets the value to 1. This is not an atomic read-modify-write: on a truncated page a store raises an error,
     * whereas an atomic operation would crash the JVM. The number of waiters, in the other half of the word, does not
     * change.
     */
    static void setOne(MemorySegment sem) {
        INT.setOpaque(sem, 0L, 1);
    }

    /**
     * Whether any thread is registered as a waiter. The caller issues a full fence between {@link #setOne} and this.
     */
    static boolean hasWaiters(MemorySegment sem) {
        return (int) INT.getOpaque(sem, WAITERS_OFFSET) != 0;
    }

    /** Wakes one sleeping thread without changing the value. */
    static void wake(MemorySegment sem) {
        // The operation adds 0 to the number of waiters; the call is needed only for the wake-up.
        boolean ignored = change(sem, WAITERS_OFFSET, ADD_NONE, 1);
    }

    /** Consumes all tokens atomically. */
    static void drain(MemorySegment sem) {
        if ((int) load(sem) != 0) {
            boolean ignored = change(sem, 0, SET_ZERO, 0);
        }
    }

    /**
     * Consumes at least one token if there is one: clears the lowest set bit of the value, because FUTEX_WAKE_OP cannot
     * subtract on a condition. If other threads change the value between the load and the update, the update can clear
     * nothing, but it never increases the value.
     */
    static boolean takeSome(MemorySegment sem) {
        int value = (int) load(sem);
        return value != 0 && change(sem, 0, step(CLEAR_BIT, Integer.numberOfTrailingZeros(value)), 0);
    }

    /** Consumes one token if there is one. Can crash the JVM if the file is truncated during the compare-and-set. */
    static boolean tryAcquire(MemorySegment sem) {
        long word = load(sem);
        while ((int) word != 0) {
            if (WORD.compareAndSet(sem, 0L, word, word - 1)) {
                return true;
            }
            word = load(sem);
        }
        return false;
    }

    /**
     * Consumes a token, and sleeps until there is one.
     *
     * @param exact true to consume exactly one token, with the crash risk of {@link #tryAcquire}; false to consume at
     *     least one, as {@link #takeSome} does
     * @param deadline absolute time on the monotonic clock, in the calling thread's scratch memory
     * @return true if a token was consumed, false at the deadline or after a signal
     */
    static boolean acquire(
            MemorySegment sem, String name, boolean exact, Native.Scratch scratch, MemorySegment deadline) {
        if (take(sem, exact)) {
            return true;
        }
        boolean counted = change(sem, WAITERS_OFFSET, ADD_ONE, 0);
        try {
            while (!take(sem, exact)) {
                if (!sleep(scratch, sem, deadline)) {
                    int errno = scratch.lastErrno();
                    if (errno == Posix.ETIMEDOUT() || errno == Posix.EINTR()) {
                        return false;
                    }
                    if (errno == Posix.EFAULT()) {
                        load(sem); // throws, unless the file has its full size again
                        return false;
                    }
                    if (errno != Posix.EAGAIN()) {
                        throw Errno.failure("futex", Path.of(name), errno, 0);
                    }
                }
            }
            return true;
        } finally {
            if (counted) {
                removeWaiter(sem);
            }
        }
    }

    /**
     * Adds a waiter, and writes an entry for {@link #sleepOnAny}. The caller removes the waiter again.
     *
     * @return false if the file was truncated: there is no waiter
     */
    static boolean addWaiter(MemorySegment sem, MemorySegment entries, int index) {
        long offset = (long) index * ENTRY_BYTES;
        entries.set(ValueLayout.JAVA_LONG, offset, 0); // the value at which to sleep
        entries.set(ValueLayout.JAVA_LONG, offset + 8, sem.address());
        entries.set(ValueLayout.JAVA_INT, offset + 16, operation(sem, ArchConstants.FUTEX_32));
        entries.set(ValueLayout.JAVA_INT, offset + 20, 0);
        long ignored = load(sem);
        return change(sem, WAITERS_OFFSET, ADD_ONE, 0);
    }

    /** Removes a waiter. If the file was truncated and refilled in the meantime, their number is already 0. */
    static void removeWaiter(MemorySegment sem) {
        boolean ignored = load(sem) >>> 32 != 0 && change(sem, WAITERS_OFFSET, TAKE_ONE, 0);
    }

    /**
     * Sleeps until one of several semaphores has a token, without consuming it.
     *
     * @param entries written by {@link Semaphore#register}
     * @param timeoutNs the longest sleep in nanoseconds, measured on the monotonic clock
     * @return whether a post woke the thread; false at the end of the time, after a signal, if a semaphore already has
     *     a token, and if the kernel refuses the call
     */
    public static boolean sleepOnAny(MemorySegment entries, int count, long timeoutNs) {
        MemorySegment deadline = Native.scratch().deadline(timeoutNs);
        try {
            // Plain addresses: the entries belong to the caller, the deadline to the thread.
            return (long) FutexWaitv.WAIT.invokeExact(
                            ArchConstants.SYS_FUTEX_WAITV,
                            entries.address(),
                            count,
                            0,
                            deadline.address(),
                            Posix.CLOCK_MONOTONIC())
                    >= 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Whether the kernel has futex_waitv and lets this process use it, and the C library is glibc. */
    public static boolean hasSleepOnAny() {
        if (!Semaphore.VALUE_IN_FIRST_WORD) {
            return false;
        }
        Native.Scratch scratch = Native.scratch();
        try {
            // No entries: a kernel that knows the call refuses the number; others, and seccomp, refuse the call.
            long result = (long) FutexWaitv.PROBE.invokeExact(
                    scratch.errno, ArchConstants.SYS_FUTEX_WAITV, 0L, 0, 0, 0L, Posix.CLOCK_MONOTONIC());
            return result < 0 && scratch.lastErrno() == Posix.EINVAL();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static boolean take(MemorySegment sem, boolean exact) {
        return exact ? tryAcquire(sem) : takeSome(sem);
    }

    /** Loads the word. Throws if the page was truncated, so that the caller does not reach an unsafe operation. */
    static long load(MemorySegment sem) {
        long word = (long) WORD.getVolatile(sem, 0L);
        Faults.poll();
        return word;
    }

    /** Sleeps while the value is 0. Returns true after a wake-up; otherwise false, and errno has the reason. */
    private static boolean sleep(Native.Scratch scratch, MemorySegment sem, MemorySegment deadline) {
        int operation = operation(sem, Posix.FUTEX_WAIT_BITSET());
        try {
            // The deadline may be passed as a plain address: it is in this thread's own scratch memory.
            return (long) Futex.WAIT.invokeExact(
                            scratch.errno,
                            ArchConstants.SYS_FUTEX,
                            sem,
                            operation,
                            0,
                            deadline.address(),
                            0L,
                            Posix.FUTEX_BITSET_MATCH_ANY())
                    == 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Changes the value (offset 0) or the number of waiters atomically, then wakes up to {@code wake} threads. Returns
     * false if the file was truncated.
     */
    private static boolean change(MemorySegment sem, long offset, int step, int wake) {
        int operation = operation(sem, Posix.FUTEX_WAKE_OP());
        try {
            // The second address may be passed as a number: it is inside the segment, which the call keeps alive.
            return (long) Futex.STEP.invokeExact(
                            ArchConstants.SYS_FUTEX, sem, operation, wake, 0L, sem.address() + offset, step)
                    >= 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The last argument of FUTEX_WAKE_OP. Its comparison is left at 0, because nothing depends on the result. */
    private static int step(int operation, int operand) {
        return operation << 28 | (operand & 0xfff) << 12;
    }

    private static int operation(MemorySegment sem, int operation) {
        boolean shared = (int) INT.getOpaque(sem, (long) Semaphore.SHARED_WORD) != 0;
        // An error inside the native call would never release the segment, and its arena could not be closed.
        Faults.poll();
        return shared ? operation : operation | Posix.FUTEX_PRIVATE_FLAG();
    }
}
