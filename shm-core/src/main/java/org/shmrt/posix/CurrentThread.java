package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.bindings.posix.sched_param;

/**
 * Where and how the kernel runs the calling thread, which must be a platform thread. What is set ends with the thread.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sched.7.html">sched(7)</a>
 */
public final class CurrentThread {
    /** Most processors that Linux supports. */
    private static final int MAX_CPUS = 8192;

    private static final long NS_PER_S = 1_000_000_000L;

    private CurrentThread() {}

    private static final class SchedSetaffinity {
        static final MethodHandle CALL =
                Native.withErrno(Posix.sched_setaffinity$address(), Posix.sched_setaffinity$descriptor());
    }

    private static final class SchedSetscheduler {
        static final MethodHandle CALL =
                Native.withErrno(Posix.sched_setscheduler$address(), Posix.sched_setscheduler$descriptor());
    }

    private static final class ClockNanosleep {
        static final MethodHandle CALL =
                Native.plain(Posix.clock_nanosleep$address(), Posix.clock_nanosleep$descriptor());
    }

    /**
     * Lets the thread run on one processor only.
     *
     * @return false if the processor does not exist or may not be used
     */
    public static boolean tryPin(int cpu) {
        if (cpu < 0 || cpu >= MAX_CPUS) {
            return false;
        }
        Native.requireAccess();
        Native.Scratch scratch = Native.scratch();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MAX_CPUS / Byte.SIZE, Long.BYTES);
            mask.setAtIndex(ValueLayout.JAVA_LONG, cpu / Long.SIZE, 1L << cpu % Long.SIZE);
            return (int) SchedSetaffinity.CALL.invokeExact(scratch.errno, 0, mask.byteSize(), mask) == 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Gives the thread a real-time priority (SCHED_FIFO).
     *
     * @param priority 1 to 99
     * @return false if this user may not
     */
    public static boolean tryFifo(int priority) {
        return trySchedule(Posix.SCHED_FIFO(), priority);
    }

    /** Gives the thread the policy of ordinary threads (SCHED_OTHER). */
    public static void setNormal() {
        trySchedule(Posix.SCHED_OTHER(), 0);
    }

    private static boolean trySchedule(int policy, int priority) {
        Native.requireAccess();
        Native.Scratch scratch = Native.scratch();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = arena.allocate(sched_param.layout());
            sched_param.sched_priority(parameters, priority);
            return (int) SchedSetscheduler.CALL.invokeExact(scratch.errno, 0, policy, parameters) == 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Sleeps until a moment of {@link Clocks#monotonicNs()}; returns at once if it has passed. A signal ends the sleep
     * early.
     */
    public static void sleepUntil(long monotonicNs) {
        MemorySegment timespec = Native.scratch().timespec;
        timespec.set(ValueLayout.JAVA_LONG, 0, monotonicNs / NS_PER_S);
        timespec.set(ValueLayout.JAVA_LONG, 8, monotonicNs % NS_PER_S);
        try {
            int ignored = (int) ClockNanosleep.CALL.invokeExact(
                    Posix.CLOCK_MONOTONIC(), Posix.TIMER_ABSTIME(), timespec, MemorySegment.NULL);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
