package org.shmrt.bench.determinism;

import java.util.List;
import org.shmrt.error.PosixException;
import org.shmrt.posix.thread.ProcessMemory;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.posix.thread.Scheduling.Priority;
import org.shmrt.posix.thread.ThreadUsage;

/**
 * The real-time settings of a process of the benchmark, as {@code realtime.h} has them for C. What is denied is reported
 * as a note, and the process goes on.
 */
final class RealTime {
    private RealTime() {}

    /** Moves all threads of this JVM to a core, and locks its memory as it is touched. */
    static void prepareProcess(int coreOfOthers) {
        for (int thread : Scheduling.threadIds()) {
            // One that has ended meanwhile needs no core.
            boolean ignored = Scheduling.tryAffinity(thread, coreOfOthers);
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

    /** What the calling thread has caused since an earlier reading, as lines for the benchmark. */
    static List<String> counts(ThreadUsage before) {
        ThreadUsage usage = ThreadUsage.now().since(before);
        return List.of(
                "COUNT page_faults " + (usage.minorFaults() + usage.majorFaults()),
                "COUNT involuntary_switches " + usage.involuntarySwitches());
    }
}
