package org.shmrt.runtime;

import java.util.OptionalInt;
import org.shmrt.posix.thread.Scheduling.Policy;

/** The settings of a loop that its parts need. */
record LoopPlan(
        String name,
        long deadlineNs,
        OverrunPolicy overrunPolicy,
        MissedFramePolicy missedFramePolicy,
        long holdNs,
        SafeState safeState,
        double rateHz,
        ThreadPlan threads) {
    /** The settings of the loop's thread and of its process. */
    record ThreadPlan(
            OptionalInt cpu,
            Policy policy,
            int priority,
            MemoryLock memoryLock,
            OptionalInt otherThreadsCpu,
            Strictness strictness) {}

    /** Whether the memory of the process is locked. */
    enum MemoryLock {
        NONE,
        ALL
    }

    /** What happens without a right. */
    enum Strictness {
        DEGRADE,
        REQUIRE
    }

    boolean isRealTime() {
        return threads.policy().isRealTime();
    }
}
