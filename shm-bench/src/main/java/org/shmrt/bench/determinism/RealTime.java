package org.shmrt.bench.determinism;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The real-time settings of a process of the benchmark, as {@code realtime.h} has them for C. What is denied is reported
 * as a note, and the process goes on.
 */
@SuppressWarnings("restricted")
final class RealTime {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle NANOSLEEP =
            function("clock_nanosleep", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle AFFINITY = function("sched_setaffinity", JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle SCHEDULER = function("sched_setscheduler", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle LOCK = function("mlockall", JAVA_INT, JAVA_INT);
    private static final MethodHandle USAGE = function("getrusage", JAVA_INT, JAVA_INT, ADDRESS);

    private static final int CLOCK_MONOTONIC = 1;
    private static final int TIMER_ABSTIME = 1;
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_FIFO = 1;
    private static final int MCL_ALL_ON_FAULT = 1 | 2 | 4;
    private static final int RUSAGE_THREAD = 1;
    private static final int MASK_BYTES = 128;
    private static final long NS_PER_S = 1_000_000_000L;

    private static final MemorySegment WAKE_TIME = Arena.global().allocate(16, 8);

    private RealTime() {}

    private static MethodHandle function(
            String name, java.lang.foreign.MemoryLayout result, java.lang.foreign.MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(result, arguments));
    }

    /** Moves all threads of this JVM to a core, and locks its memory as it is touched. */
    static void prepareProcess(int coreOfOthers) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : threads.toList()) {
                setAffinity(Integer.parseInt(thread.getFileName().toString()), coreOfOthers);
            }
        }
        if (lock() != 0) {
            System.out.println("NOTE memory is not locked (mlockall was denied)");
        }
    }

    private static int lock() {
        try {
            return (int) LOCK.invokeExact(MCL_ALL_ON_FAULT);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Moves the calling thread to a core. */
    static void pin(int core) {
        if (setAffinity(0, core) != 0) {
            System.out.println("NOTE cannot use core " + core);
        }
    }

    private static int setAffinity(int thread, int core) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            mask.setAtIndex(JAVA_LONG, core / 64, 1L << core % 64);
            return (int) AFFINITY.invokeExact(thread, (long) MASK_BYTES, mask);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Gives the calling thread a real-time priority. */
    static void raise(int priority) {
        if (priority > 0 && schedule(SCHED_FIFO, priority) != 0) {
            System.out.println("NOTE no real-time priority (SCHED_FIFO was denied)");
        }
    }

    /** Takes it away. */
    static void lower() {
        schedule(SCHED_OTHER, 0);
    }

    private static int schedule(int policy, int priority) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameter = arena.allocate(JAVA_INT);
            parameter.set(JAVA_INT, 0, priority);
            return (int) SCHEDULER.invokeExact(0, policy, parameter);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Sleeps until a time of {@link System#nanoTime}. One thread at a time. */
    static void sleepUntil(long ns) {
        WAKE_TIME.set(JAVA_LONG, 0, ns / NS_PER_S);
        WAKE_TIME.set(JAVA_LONG, 8, ns % NS_PER_S);
        try {
            int ignored = (int) NANOSLEEP.invokeExact(CLOCK_MONOTONIC, TIMER_ABSTIME, WAKE_TIME, MemorySegment.NULL);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Page faults and involuntary switches of the calling thread so far. */
    record Usage(long pageFaults, long involuntarySwitches) {
        static Usage now() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment usage = arena.allocate(144, 8);
                int ignored = (int) USAGE.invokeExact(RUSAGE_THREAD, usage);
                return new Usage(usage.get(JAVA_LONG, 64) + usage.get(JAVA_LONG, 72), usage.get(JAVA_LONG, 136));
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        List<String> since(Usage before) {
            return List.of(
                    "COUNT page_faults " + (pageFaults - before.pageFaults),
                    "COUNT involuntary_switches " + (involuntarySwitches - before.involuntarySwitches));
        }
    }
}
