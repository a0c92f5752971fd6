package org.shmrt.posix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;

/**
 * glibc's semaphore protocol, carried out by Java and the futex call. For semaphores that lie in a file: where another
 * process cuts the file off, the C library's functions end the JVM, while a load from Java becomes an error that can be
 * caught, and the kernel answers a futex call with EFAULT. C programs post and wait on the same semaphore.
 *
 * <p>The first eight bytes are one word: the value in its lower half, the number of waiters in its upper half. Who
 * posts adds 1 and, if it found waiters, wakes one. Who waits adds itself to the waiters, sleeps while the value is 0,
 * and takes 1 from the value and itself from the waiters in one step. Stateless; nothing allocates.
 */
final class FutexSemaphore {
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final long WAITER = 1L << 32;
    private static final VarHandle TRIPS;

    @SuppressWarnings("unused") // read through TRIPS, so that no compiler can count the loop below
    private static int trips = 2;

    static {
        try {
            TRIPS = MethodHandles.lookup().findStaticVarHandle(FutexSemaphore.class, "trips", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private FutexSemaphore() {
    }

    private static final class Futex {
        static final MethodHandle CALL = Native.withErrnoVariadic(Posix.syscall.address(),
                FunctionDescriptor.of(Posix.C_LONG, Posix.C_LONG, Posix.C_POINTER, Posix.C_INT, Posix.C_INT,
                        Posix.C_POINTER, Posix.C_POINTER, Posix.C_INT), 1);
    }

    /** Links the call, so that none of the first use's milliseconds lie between a look and what was looked at. */
    static void link() {
        MethodHandle ignored = Futex.CALL;
    }

    /** Adds one. The caller has looked at the memory, and at the value. */
    static void post(MemorySegment sem) {
        long before = (long) WORD.getAndAdd(sem, 0L, 1L);
        if (before >>> 32 != 0) {
            Native.Scratch scratch = Native.scratch();
            // An error tells that the memory is gone, and with it whoever slept there.
            long ignored = futex(scratch, sem, Posix.FUTEX_WAKE(), 1, MemorySegment.NULL);
        }
    }

    /** Takes one if there is one. */
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

    /** Takes all there are, in one step; false if another process was at it at the same moment. */
    static boolean tryDrain(MemorySegment sem) {
        long word = look(sem);
        return (int) word == 0 || WORD.compareAndSet(sem, 0L, word, word & ~0xffff_ffffL);
    }

    /**
     * Takes one, sleeping for it if need be.
     *
     * @param deadline absolute time of the monotonic clock, in the calling thread's scratch memory
     * @return whether one was taken; false at the deadline and after a signal
     */
    static boolean acquire(MemorySegment sem, String name, Native.Scratch scratch, MemorySegment deadline) {
        if (tryAcquire(sem)) {
            return true;
        }
        WORD.getAndAdd(sem, 0L, WAITER);
        while (true) {
            long word = look(sem);
            if ((int) word != 0) {
                if (WORD.compareAndSet(sem, 0L, word, word - 1 - WAITER)) {
                    return true;
                }
            } else if (futex(scratch, sem, Posix.FUTEX_WAIT_BITSET(), 0, deadline) != 0) {
                int errno = scratch.lastErrno();
                if (errno != Posix.EAGAIN()) {
                    look(sem);
                    WORD.getAndAdd(sem, 0L, -WAITER);
                    if (errno != Posix.ETIMEDOUT() && errno != Posix.EINTR()) {
                        throw Errno.failure("futex", Path.of(name), errno, 0);
                    }
                    return false;
                }
            }
        }
    }

    /** Loads the word. Where the page was cut off this throws, and the steps after it do not end the JVM. */
    static long look(MemorySegment sem) {
        long word = (long) WORD.getVolatile(sem, 0L);
        // The error comes with the next safepoint poll, which a loop of unknown length has.
        int k = 0;
        do {
            k++;
        } while (k < (int) TRIPS.getOpaque());
        return word;
    }

    private static long futex(Native.Scratch scratch, MemorySegment sem, int operation, int value, MemorySegment time) {
        boolean shared = (int) INT.getOpaque(sem, (long) Semaphore.SHARED_WORD) != 0;
        try {
            return (long) Futex.CALL.invokeExact(scratch.errno, ArchConstants.SYS_FUTEX, sem,
                    shared ? operation : operation | Posix.FUTEX_PRIVATE_FLAG(), value, time, MemorySegment.NULL,
                    Posix.FUTEX_BITSET_MATCH_ANY());
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
