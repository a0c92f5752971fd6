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
            Idling idling,
            Strictness strictness) {}

    /** Whether the memory of the process is locked. */
    enum MemoryLock {
        NONE,
        ALL
    }

    /** Whether the processors of the machine may use idle states. */
    enum Idling {
        ALLOWED,
        FORBIDDEN
    }

    /** What happens without a right. */
    enum Strictness {
        DEGRADE,
        REQUIRE
    }

    /** The plan of a warm-up, which makes the loop miss frames and deadlines on purpose: they do not end it. */
    LoopPlan rehearsed() {
        return new LoopPlan(
                name,
                deadlineNs,
                overrunPolicy == OverrunPolicy.ENTER_ERROR ? OverrunPolicy.SKIP_TO_NEXT : overrunPolicy,
                missedFramePolicy == MissedFramePolicy.ENTER_ERROR ? MissedFramePolicy.TAKE_NEWEST : missedFramePolicy,
                holdNs,
                safeState,
                rateHz,
                threads);
    }

    boolean isRealTime() {
        return threads.policy().isRealTime();
    }
}
