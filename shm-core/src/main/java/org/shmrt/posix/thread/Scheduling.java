package org.shmrt.posix.thread;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.error.PosixException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Errno;
import org.shmrt.posix.Native;
import org.shmrt.text.FileNames;

/**
 * How the kernel schedules the threads of this process: processors, policy, priority and timer slack. Each setting can
 * be read back, because a cgroup or a limit can change what was requested. For set-up, not for hot paths. Safe for any
 * thread.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sched.7.html">sched(7)</a>
 */
public final class Scheduling {
    /** The thread that calls. */
    public static final int CALLER = 0;

    /** For the most processors that Linux supports, 8192. */
    private static final int MASK_BYTES = 1024;

    private static final Path TASKS = Path.of("/proc/self/task");
    /** Positions in a thread's stat file, counted from the word after its name. */
    private static final int PRIORITY_WORD = 37;

    private static final int POLICY_WORD = 38;

    private Scheduling() {}

    /** The policies of Linux. */
    public enum Policy {
        /** The normal, fair policy. */
        OTHER,
        /** Real time: runs until it sleeps or a thread of higher priority is ready. */
        FIFO,
        /** Real time with time slices among threads of the same priority. */
        RR,
        /** Normal, for work without a user. */
        BATCH,
        /** A number that Linux does not use. */
        UNUSED,
        /** Only when a processor has nothing else to do. */
        IDLE,
        /** By deadlines; ShmRT does not set it. */
        DEADLINE,
        /** A later policy. */
        UNKNOWN;

        private static Policy of(int code) {
            return code >= 0 && code < UNKNOWN.ordinal() ? values()[code] : UNKNOWN;
        }

        /** Whether its threads run before those of the normal policies. */
        public boolean isRealTime() {
            return this == FIFO || this == RR || this == DEADLINE;
        }
    }

    /**
     * The policy and the priority of a thread.
     *
     * @param policy its policy
     * @param priority 1 to 99 for {@link Policy#FIFO} and {@link Policy#RR}, else 0
     */
    public record Priority(Policy policy, int priority) {
        /** The normal policy. */
        public static final Priority NORMAL = new Priority(Policy.OTHER, 0);

        /**
         * A real-time priority.
         *
         * @param priority 1 to 99
         */
        public static Priority fifo(int priority) {
            return new Priority(Policy.FIFO, priority);
        }
    }

    private static final class Gettid {
        static final MethodHandle CALL = Native.plain(Posix.gettid$address(), Posix.gettid$descriptor());
    }

    private static final class SetAffinity {
        static final MethodHandle CALL =
                Native.withErrno(Posix.sched_setaffinity$address(), Posix.sched_setaffinity$descriptor());
    }

    private static final class GetAffinity {
        static final MethodHandle CALL =
                Native.withErrno(Posix.sched_getaffinity$address(), Posix.sched_getaffinity$descriptor());
    }

    private static final class SetScheduler {
        static final MethodHandle CALL =
                Native.withErrno(Posix.sched_setscheduler$address(), Posix.sched_setscheduler$descriptor());
    }

    private static final class Prctl {
        static final MethodHandle CALL = Native.withErrnoVariadic(
                Posix.prctl.address(),
                FunctionDescriptor.of(Posix.C_INT, Posix.C_INT, Posix.C_LONG, Posix.C_LONG, Posix.C_LONG, Posix.C_LONG),
                1);
    }

    /** The kernel's id of the calling thread, as in {@code /proc/self/task}. */
    public static int threadId() {
        Native.requireAccess();
        try {
            return (int) Gettid.CALL.invokeExact();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The ids of all threads of this process, also those that the JVM started. */
    public static List<Integer> threadIds() {
        List<Integer> ids = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            tasks.forEach(task -> ids.add(Integer.valueOf(task.getFileName().toString())));
            return ids;
        } catch (IOException e) {
            throw new ShmException(
                    "cannot list the threads of this process in " + FileNames.text(TASKS) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Restricts a thread to some processors.
     *
     * @param threadId a thread of this process, or {@link #CALLER}
     * @param cpus the numbers of the processors
     * @throws PosixException if none of them exists or is allowed by the cgroup, or the thread has ended
     */
    public static void setAffinity(int threadId, BitSet cpus) {
        int errno = affinityErrno(threadId, cpus);
        if (errno != 0) {
            throw failure(
                    "sched_setaffinity",
                    "of thread " + threadId + " to processors " + cpus,
                    errno,
                    "the process may use the processors of Cpus_allowed_list in /proc/self/status");
        }
    }

    /**
     * Restricts a thread to one processor, if that is possible.
     *
     * @param threadId a thread of this process, or {@link #CALLER}
     * @param cpu the number of the processor
     * @return false if the thread has ended, or the processor does not exist or may not be used
     */
    public static boolean tryAffinity(int threadId, int cpu) {
        if (cpu < 0 || cpu >= MASK_BYTES * Byte.SIZE) {
            return false;
        }
        BitSet one = new BitSet();
        one.set(cpu);
        return tryAffinity(threadId, one);
    }

    /**
     * Restricts a thread to some processors, if that is possible.
     *
     * @param threadId a thread of this process, or {@link #CALLER}
     * @param cpus the numbers of the processors
     * @return false if the thread has ended, or none of the processors exists and may be used
     */
    public static boolean tryAffinity(int threadId, BitSet cpus) {
        return affinityErrno(threadId, cpus) == 0;
    }

    private static int affinityErrno(int threadId, BitSet cpus) {
        Native.requireAccess();
        Native.Scratch scratch = Native.scratch();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            byte[] bits = cpus.toByteArray();
            MemorySegment.copy(bits, 0, mask, ValueLayout.JAVA_BYTE, 0, Math.min(bits.length, MASK_BYTES));
            int result = (int) SetAffinity.CALL.invokeExact(scratch.errno, threadId, (long) MASK_BYTES, mask);
            return result == 0 ? 0 : scratch.lastErrno();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * The processors on which a thread may run.
     *
     * @param threadId a thread of this process, or {@link #CALLER}
     * @return their numbers
     * @throws PosixException if the thread has ended
     */
    public static BitSet affinity(int threadId) {
        Native.requireAccess();
        Native.Scratch scratch = Native.scratch();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            int result = (int) GetAffinity.CALL.invokeExact(scratch.errno, threadId, (long) MASK_BYTES, mask);
            if (result < 0) {
                throw failure("sched_getaffinity", "of thread " + threadId, scratch.lastErrno(), "has it ended?");
            }
            return BitSet.valueOf(mask.toArray(ValueLayout.JAVA_BYTE));
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Sets the policy and the priority of a thread. A real-time policy is not inherited by threads that it starts.
     *
     * @param threadId a thread of this process, or {@link #CALLER}
     * @param wanted {@link Policy#OTHER}, {@link Policy#FIFO} or {@link Policy#RR}
     * @throws PosixException if this user may not; the message names the limit
     */
    public static void setPriority(int threadId, Priority wanted) {
        int errno = priorityErrno(threadId, wanted);
        if (errno != 0) {
            throw failure(
                    "sched_setscheduler",
                    "of thread " + threadId + " to " + wanted.policy() + " " + wanted.priority(),
                    errno,
                    "the limit rtprio (ulimit -r) must be at least the priority: add '@realtime - rtprio 99' to"
                            + " /etc/security/limits.conf and log in again, or grant CAP_SYS_NICE");
        }
    }

    /**
     * Sets the policy and the priority of a thread, if that is possible.
     *
     * @param threadId a thread of this process, or {@link #CALLER}
     * @param wanted {@link Policy#OTHER}, {@link Policy#FIFO} or {@link Policy#RR}
     * @return false if this user may not, or the thread has ended
     */
    public static boolean tryPriority(int threadId, Priority wanted) {
        return priorityErrno(threadId, wanted) == 0;
    }

    private static int priorityErrno(int threadId, Priority wanted) {
        Native.requireAccess();
        Native.Scratch scratch = Native.scratch();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = arena.allocateFrom(ValueLayout.JAVA_INT, wanted.priority());
            int policy = wanted.policy().ordinal();
            if (wanted.policy().isRealTime()) {
                policy |= Posix.SCHED_RESET_ON_FORK();
            }
            int result = (int) SetScheduler.CALL.invokeExact(scratch.errno, threadId, policy, parameters);
            return result == 0 ? 0 : scratch.lastErrno();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * The policy and the priority of a thread, as the kernel reports them in {@code /proc}.
     *
     * @param threadId a thread of this process
     * @return its policy and priority
     * @throws ShmException if the thread has ended
     */
    public static Priority priority(int threadId) {
        Path file = TASKS.resolve(threadId + "/stat");
        try {
            String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
            // The name may contain blanks and brackets, so the words are counted from its end.
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ");
            return new Priority(
                    Policy.of(Integer.parseInt(words[POLICY_WORD])), Integer.parseInt(words[PRIORITY_WORD]));
        } catch (IOException | RuntimeException e) {
            throw new ShmException("cannot read the priority of thread " + threadId + " in " + FileNames.text(file), e);
        }
    }

    /**
     * Sets how late the kernel may make timers of the calling thread expire, to combine wake-ups. It is 50 µs by default
     * and does not apply to threads with a real-time policy.
     *
     * @param slackNs nanoseconds, at least 1
     * @throws PosixException if the kernel refuses
     */
    public static void setTimerSlack(long slackNs) {
        prctl(Posix.PR_SET_TIMERSLACK(), slackNs);
    }

    /** The timer slack of the calling thread in nanoseconds. */
    public static long timerSlackNs() {
        return prctl(Posix.PR_GET_TIMERSLACK(), 0);
    }

    private static int prctl(int option, long value) {
        Native.requireAccess();
        Native.Scratch scratch = Native.scratch();
        try {
            int result = (int) Prctl.CALL.invokeExact(scratch.errno, option, value, 0L, 0L, 0L);
            if (result < 0) {
                throw failure("prctl", "timer slack", scratch.lastErrno(), "a container may forbid the call");
            }
            return result;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static PosixException failure(String call, String object, int errno, String advice) {
        return new PosixException(call, object, errno, Errno.text(errno) + " (errno " + errno + "): " + advice);
    }
}
