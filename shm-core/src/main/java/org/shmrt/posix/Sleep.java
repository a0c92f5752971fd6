package org.shmrt.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.shmrt.bindings.posix.Posix;

/**
 * Sleeps until a moment of the monotonic clock, which on Linux is that of {@link System#nanoTime()}. Safe for any
 * thread. Does not allocate after a thread's first call.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/clock_nanosleep.2.html">clock_nanosleep(2)</a>
 */
public final class Sleep {
    private static final long NS_PER_S = 1_000_000_000L;

    private Sleep() {}

    private static final class ClockNanosleep {
        static final MethodHandle CALL =
                Native.plain(Posix.clock_nanosleep$address(), Posix.clock_nanosleep$descriptor());
    }

    /**
     * Sleeps until a moment. Returns at once if it has passed, and early after a signal to this thread.
     *
     * @param monotonicNs nanoseconds on the clock of {@link System#nanoTime()}
     */
    public static void until(long monotonicNs) {
        if (monotonicNs <= 0) {
            return;
        }
        Native.requireAccess();
        MemorySegment timespec = Native.scratch().timespec;
        timespec.set(ValueLayout.JAVA_LONG, 0, monotonicNs / NS_PER_S);
        timespec.set(ValueLayout.JAVA_LONG, Long.BYTES, monotonicNs % NS_PER_S);
        try {
            int ignored = (int) ClockNanosleep.CALL.invokeExact(
                    Posix.CLOCK_MONOTONIC(), Posix.TIMER_ABSTIME(), timespec, MemorySegment.NULL);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
