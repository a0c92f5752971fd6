package org.shmrt.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.shmrt.bindings.posix.Posix;

/**
 * The clocks whose times shared-memory formats store with frames. Safe for any thread. Never blocks, and does not
 * allocate after a thread's first call. A call takes about as long as {@link System#nanoTime()}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/clock_gettime.3.html">clock_gettime(3)</a>
 */
public final class Clocks {
    private static final long NS_PER_S = 1_000_000_000L;

    private Clocks() {}

    private static final class ClockGettime {
        static final MethodHandle CALL =
                Native.critical(Posix.clock_gettime$address(), Posix.clock_gettime$descriptor());
    }

    private static final class ClockNanosleep {
        static final MethodHandle CALL =
                Native.plain(Posix.clock_nanosleep$address(), Posix.clock_nanosleep$descriptor());
    }

    /**
     * Wall-clock time (CLOCK_REALTIME), which DAO stores with frames. It jumps when the clock is set.
     *
     * @return nanoseconds since 1970-01-01 UTC
     */
    public static long realtimeNs() {
        return read(Posix.CLOCK_REALTIME());
    }

    /**
     * International atomic time (CLOCK_TAI), which milk stores with frames. Equals UTC if the offset is not
     * configured in the kernel.
     *
     * @return nanoseconds since 1970-01-01
     */
    public static long taiNs() {
        return read(Posix.CLOCK_TAI());
    }

    /**
     * Time that never jumps (CLOCK_MONOTONIC), the same for all processes of a machine.
     *
     * @return nanoseconds since an arbitrary start
     */
    public static long monotonicNs() {
        return read(Posix.CLOCK_MONOTONIC());
    }

    /**
     * How far CLOCK_TAI is ahead of the wall clock: 37 s, or 0 if the offset is not configured in the kernel. Read
     * once. Without native access the clock cannot be read, and the result is 0.
     *
     * @return the offset in nanoseconds, a multiple of a second
     */
    public static long taiOffsetNs() {
        return TaiOffset.NS;
    }

    /** Whether {@link #taiOffsetNs} could be read: not without native access. */
    public static boolean isTaiOffsetKnown() {
        return OwnProcess.HAS_NATIVE_ACCESS;
    }

    private static final class TaiOffset {
        static final long NS =
                isTaiOffsetKnown() ? Math.round((taiNs() - realtimeNs()) / (double) NS_PER_S) * NS_PER_S : 0;
    }

    /**
     * Sleeps until a moment of {@link #monotonicNs()}; returns at once if it has passed. A signal ends the sleep
     * early.
     */
    public static void sleepUntil(long monotonicNs) {
        if (monotonicNs <= 0) {
            return; // the kernel would refuse it
        }
        Native.requireAccess();
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

    private static long read(int clockId) {
        MemorySegment timespec = Native.scratch().timespec;
        try {
            int result = (int) ClockGettime.CALL.invokeExact(clockId, timespec);
            if (result != 0) {
                throw new AssertionError("the kernel has no clock " + clockId);
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        return timespec.get(ValueLayout.JAVA_LONG, 0) * NS_PER_S + timespec.get(ValueLayout.JAVA_LONG, 8);
    }
}
