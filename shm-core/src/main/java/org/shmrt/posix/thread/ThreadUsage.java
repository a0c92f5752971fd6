package org.shmrt.posix.thread;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.posix.Native;

/**
 * What the calling thread has caused since it started.
 *
 * @param minorFaults page faults that needed no input
 * @param majorFaults page faults that read from a disk
 * @param voluntarySwitches how often it gave the processor away to wait
 * @param involuntarySwitches how often the scheduler took the processor away
 * @see <a href="https://man7.org/linux/man-pages/man2/getrusage.2.html">getrusage(2)</a>
 */
public record ThreadUsage(long minorFaults, long majorFaults, long voluntarySwitches, long involuntarySwitches) {
    /** RUSAGE_THREAD. The generated bindings do not contain getrusage. */
    private static final int THREAD = 1;

    private static final int USAGE_BYTES = 144;
    private static final int MINOR_FAULTS = 64;
    private static final int MAJOR_FAULTS = 72;
    private static final int VOLUNTARY = 128;
    private static final int INVOLUNTARY = 136;

    private static final class Getrusage {
        static final MethodHandle CALL = Native.plain(
                Linker.nativeLinker().defaultLookup().find("getrusage").orElseThrow(),
                FunctionDescriptor.of(Posix.C_INT, Posix.C_INT, Posix.C_POINTER));
    }

    /** The counters of the calling thread. */
    public static ThreadUsage now() {
        Native.requireAccess();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = arena.allocate(USAGE_BYTES, Long.BYTES);
            int ignored = (int) Getrusage.CALL.invokeExact(THREAD, usage);
            return new ThreadUsage(
                    usage.get(ValueLayout.JAVA_LONG, MINOR_FAULTS),
                    usage.get(ValueLayout.JAVA_LONG, MAJOR_FAULTS),
                    usage.get(ValueLayout.JAVA_LONG, VOLUNTARY),
                    usage.get(ValueLayout.JAVA_LONG, INVOLUNTARY));
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * What was added since an earlier reading of the same thread.
     *
     * @param earlier the earlier reading
     * @return the differences
     */
    public ThreadUsage since(ThreadUsage earlier) {
        return new ThreadUsage(
                minorFaults - earlier.minorFaults,
                majorFaults - earlier.majorFaults,
                voluntarySwitches - earlier.voluntarySwitches,
                involuntarySwitches - earlier.involuntarySwitches);
    }
}
