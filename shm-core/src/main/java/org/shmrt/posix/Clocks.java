package org.shmrt.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.shmrt.bindings.posix.Posix;

/**
 * The clocks shared-memory formats stamp frames with. Any thread; never blocks, never allocates after a
 * thread's first call; a call costs about what {@link System#nanoTime()} does.
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

    /**
     * Wall-clock time (CLOCK_REALTIME), as DAO stamps frames. Steps when the clock is set.
     *
     * @return nanoseconds since 1970-01-01 UTC
     */
    public static long realtimeNs() {
        return read(Posix.CLOCK_REALTIME());
    }

    /**
     * International atomic time (CLOCK_TAI), as milk stamps frames. Equals UTC where the kernel was not told
     * the offset.
     *
     * @return nanoseconds since 1970-01-01
     */
    public static long taiNs() {
        return read(Posix.CLOCK_TAI());
    }

    /**
     * Time that never steps (CLOCK_MONOTONIC), the same for all processes of a machine.
     *
     * @return nanoseconds since an arbitrary start
     */
    public static long monotonicNs() {
        return read(Posix.CLOCK_MONOTONIC());
    }

    /**
     * How far CLOCK_TAI is ahead of the wall clock: 37 s, or 0 where the kernel was not told. Asked for once; a
     * program without native access, which cannot ask, gets 0.
     *
     * @return nanoseconds, whole seconds
     */
    public static long taiOffsetNs() {
        return TaiOffset.NS;
    }

    private static final class TaiOffset {
        static final long NS = Clocks.class.getModule().isNativeAccessEnabled()
                ? Math.round((taiNs() - realtimeNs()) / (double) NS_PER_S) * NS_PER_S
                : 0;
    }

    private static long read(int clockId) {
        MemorySegment timespec = Native.scratch().timespec;
        try {
            int result = (int) ClockGettime.CALL.invokeExact(clockId, timespec);
            if (result != 0) {
                throw new AssertionError("clock " + clockId + " is missing");
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        return timespec.get(ValueLayout.JAVA_LONG, 0) * NS_PER_S + timespec.get(ValueLayout.JAVA_LONG, 8);
    }
}
