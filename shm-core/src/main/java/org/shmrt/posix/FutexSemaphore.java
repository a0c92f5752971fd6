package org.shmrt.posix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;

/**
 * glibc's semaphore protocol, carried out by Java and the futex call. For semaphores that lie in a file: where another
 * process cuts the file off, the C library's functions end the JVM, and so do Java's own atomic operations as long as
 * they are not compiled by C2. A load from Java becomes an error that can be caught, and the kernel answers with EFAULT:
 * so what changes a word on the way of a frame is a futex call, which can do that, and all at once. C programs post and
 * wait on the same semaphore.
 *
 * <p>The first eight bytes are one word: the value in its lower half, the number of waiters in its upper half. Who
 * posts adds 1 and wakes one of the waiters. Who waits adds itself to the waiters, sleeps while the value is 0, takes
 * from the value and takes itself from the waiters. Stateless; nothing allocates.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/futex.2.html">futex(2), FUTEX_WAKE_OP</a>
 */
final class FutexSemaphore {
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final long WAITERS_OFFSET = 4;
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
        /** Without errno, for which a call takes 40 bytes each time until it is compiled. */
        static final MethodHandle STEP = Native.plainVariadic(Posix.syscall.address(), SHAPE, 1);
    }

    /** Links the call, so that none of the first use's milliseconds lie between a look and what was looked at. */
    static void link() {
        MethodHandle ignored = Futex.WAIT;
    }

    /** Adds one, atomically, and wakes one thread that sleeps. */
    static void post(MemorySegment sem) {
        // False means that the memory is gone, and with it whoever slept there.
        boolean ignored = change(sem, 0, ADD_ONE, 1);
    }

    /**
     * Sets the value to 1. A plain store: on a truncated page it becomes an error, where an atomic operation would crash
     * the JVM. The number of waiters, in the other half of the word, is not touched.
     */
    static void setOne(MemorySegment sem) {
        INT.setOpaque(sem, 0L, 1);
    }

    /** After a fence that follows {@link #setOne}: whether any thread is counted as waiting. */
    static boolean hasWaiters(MemorySegment sem) {
        return (int) INT.getOpaque(sem, WAITERS_OFFSET) != 0;
    }

    /** Wakes one thread. */
    static void wake(MemorySegment sem) {
        // Adds nothing to the number of waiters; only the wake-up matters.
        boolean ignored = change(sem, WAITERS_OFFSET, ADD_NONE, 1);
    }

    /** Takes all tokens there are, atomically. */
    static void drain(MemorySegment sem) {
        if ((int) look(sem) != 0) {
            boolean ignored = change(sem, 0, SET_ZERO, 0);
        }
    }

    /**
     * Takes one, or more where there are more: the lowest bit of the value that is set. Whatever others do to the value
     * between the look and the step, the step never adds to it.
     */
    private static boolean takeSome(MemorySegment sem) {
        int value = (int) look(sem);
        return value != 0 && change(sem, 0, step(CLEAR_BIT, Integer.numberOfTrailingZeros(value)), 0);
    }

    /** Takes one if there is one. In the instant in which the memory is cut off this can end the JVM. */
    static boolean tryAcquire(MemorySegment sem) {
        long word = look(sem);
        while ((int) word != 0) {
            if (WORD.compareAndSet(sem, 0L, word, word - 1)) {
                return true;
            }
            word = look(sem);
        }
        return false;
    }

    /**
     * Takes one, sleeping for it if need be.
     *
     * @param exact whether to take one and no more, with the danger of {@link #tryAcquire}; else as {@link #takeSome}
     * @param deadline absolute time of the monotonic clock, in the calling thread's scratch memory
     * @return whether one was taken; false at the deadline and after a signal
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
                        look(sem); // throws, unless what was gone is back by now
                        return false;
                    }
                    if (errno != Posix.EAGAIN()) {
                        throw Errno.failure("futex", Path.of(name), errno, 0);
                    }
                }
            }
            return true;
        } finally {
            // None is counted any more where the file was cut off and filled anew meanwhile.
            counted = counted && look(sem) >>> 32 != 0 && change(sem, WAITERS_OFFSET, TAKE_ONE, 0);
        }
    }

    private static boolean take(MemorySegment sem, boolean exact) {
        return exact ? tryAcquire(sem) : takeSome(sem);
    }

    /** Loads the word. Where the page was cut off this throws, and the steps after it do not end the JVM. */
    static long look(MemorySegment sem) {
        long word = (long) WORD.getVolatile(sem, 0L);
        Faults.poll();
        return word;
    }

    /** Sleeps while the value is 0. False if that ended otherwise than by a post; errno tells how. */
    private static boolean sleep(Native.Scratch scratch, MemorySegment sem, MemorySegment deadline) {
        int operation = operation(sem, Posix.FUTEX_WAIT_BITSET());
        try {
            // The address that goes as a number is that of this thread's own memory.
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

    /** One step on one of the two words, all at once, then wakes some. False if the memory is gone. */
    private static boolean change(MemorySegment sem, long offset, int step, int wake) {
        int operation = operation(sem, Posix.FUTEX_WAKE_OP());
        try {
            // The address that goes as a number lies in the segment, which the call holds.
            return (long) Futex.STEP.invokeExact(
                            ArchConstants.SYS_FUTEX, sem, operation, wake, 0L, sem.address() + offset, step)
                    >= 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The last argument of FUTEX_WAKE_OP; what it could compare the word with is left out, for nothing hangs on it. */
    private static int step(int operation, int operand) {
        return operation << 28 | (operand & 0xfff) << 12;
    }

    private static int operation(MemorySegment sem, int operation) {
        boolean shared = (int) INT.getOpaque(sem, (long) Semaphore.SHARED_WORD) != 0;
        // An error in the middle of a call would leave the segment held for good, and its arena could not be closed.
        Faults.poll();
        return shared ? operation : operation | Posix.FUTEX_PRIVATE_FLAG();
    }
}
