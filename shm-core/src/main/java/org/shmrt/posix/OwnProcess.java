package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.bindings.posix.sched_param;

/**
 * The current process and its threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sched.7.html">sched(7)</a>
 */
public final class OwnProcess {
    /** Its id in its own pid namespace. */
    public static final int PID = (int) ProcessHandle.current().pid();

    /** Most processors that Linux supports. */
    private static final int MAX_CPUS = 8192;

    private OwnProcess() {}

    private static final class SchedSetaffinity {
        static final MethodHandle CALL =
                Native.withErrno(Posix.sched_setaffinity$address(), Posix.sched_setaffinity$descriptor());
    }

    private static final class SchedSetscheduler {
        static final MethodHandle CALL =
                Native.withErrno(Posix.sched_setscheduler$address(), Posix.sched_setscheduler$descriptor());
    }

    private static final class Geteuid {
        static final MethodHandle CALL = Native.plain(Posix.geteuid$address(), Posix.geteuid$descriptor());
    }

    /** The effective user id of the process. */
    public static long userId() {
        Native.requireAccess();
        try {
            return Integer.toUnsignedLong((int) Geteuid.CALL.invokeExact());
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Lets the calling platform thread run on one processor only.
     *
     * @return false if the processor does not exist or may not be used
     */
    public static boolean tryPinThread(int cpu) {
        return tryPinThread(0, cpu);
    }

    /**
     * Lets a thread of this process run on one processor only.
     *
     * @param thread its id as the kernel counts, as in {@code /proc/self/task}; 0 for the calling platform thread
     * @return false if the thread has ended, or the processor does not exist or may not be used
     */
    public static boolean tryPinThread(int thread, int cpu) {
        if (cpu < 0 || cpu >= MAX_CPUS) {
            return false;
        }
        Native.requireAccess();
        Native.Scratch scratch = Native.scratch();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MAX_CPUS / Byte.SIZE, Long.BYTES);
            mask.setAtIndex(ValueLayout.JAVA_LONG, cpu / Long.SIZE, 1L << cpu % Long.SIZE);
            return (int) SchedSetaffinity.CALL.invokeExact(scratch.errno, thread, mask.byteSize(), mask) == 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Gives the calling platform thread a real-time priority (SCHED_FIFO).
     *
     * @param priority 1 to 99
     * @return false if this user may not
     */
    public static boolean tryFifoThread(int priority) {
        return trySchedule(Posix.SCHED_FIFO(), priority);
    }

    /** Gives the calling platform thread the policy of ordinary threads (SCHED_OTHER). */
    public static void setNormalThread() {
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
}
