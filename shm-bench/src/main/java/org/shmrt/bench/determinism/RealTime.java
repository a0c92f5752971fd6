package org.shmrt.bench.determinism;

import java.util.List;
import java.util.Optional;
import org.shmrt.error.PosixException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.thread.IdleStates;
import org.shmrt.posix.thread.ProcessMemory;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.posix.thread.Scheduling.Priority;
import org.shmrt.posix.thread.ThreadUsage;

/**
 * The real-time settings of a process of the benchmark, as {@code realtime.h} has them for C. What is denied is reported
 * as a note, and the process goes on.
 */
final class RealTime {
    /** Open until the process ends. */
    @SuppressWarnings("unused")
    private static Optional<IdleStates> idleStates = Optional.empty();

    private RealTime() {}

    /** Moves all threads of this JVM to a core, and locks its memory as it is touched. */
    static void prepareProcess(int coreOfOthers) {
        for (int thread : Scheduling.threadIds()) {
            // One that has ended meanwhile needs no core.
            boolean ignored = Scheduling.tryAffinity(thread, coreOfOthers);
        }
        try {
            idleStates = Optional.of(IdleStates.forbid());
        } catch (ShmException e) {
            System.out.println("NOTE processors may use idle states (/dev/cpu_dma_latency was denied)");
        }
        try {
            ProcessMemory.lockAll(ProcessMemory.Extent.ON_FIRST_USE);
        } catch (PosixException e) {
            System.out.println("NOTE memory is not locked (mlockall was denied)");
        }
    }

    /** Moves the calling thread to a core. */
    static void pin(int core) {
        if (!Scheduling.tryAffinity(Scheduling.CALLER, core)) {
            System.out.println("NOTE cannot use core " + core);
        }
    }

    /** Gives the calling thread a real-time priority. */
    static void raise(int priority) {
        if (priority > 0 && !Scheduling.tryPriority(Scheduling.CALLER, Priority.fifo(priority))) {
            System.out.println("NOTE no real-time priority (SCHED_FIFO was denied)");
        }
    }

    /** Gives the calling thread the policy of ordinary threads. */
    static void drop() {
        Scheduling.setPriority(Scheduling.CALLER, Priority.NORMAL);
    }

    /** What a thread has caused, as lines for the benchmark. */
    static List<String> counts(ThreadUsage usage) {
        return List.of(
                "COUNT page_faults " + (usage.minorFaults() + usage.majorFaults()),
                "COUNT involuntary_switches " + usage.involuntarySwitches());
    }
}
