package org.shmrt.runtime;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.ShmException;
import org.shmrt.posix.thread.IdleStates;
import org.shmrt.posix.thread.ProcessMemory;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.posix.thread.Scheduling.Priority;
import org.shmrt.runtime.LoopFinding.Severity;

/**
 * The settings of the loop's thread, applied, read back, and undone. A setting that this user may not change is reported
 * with the limit that forbids it. Used by the loop's thread.
 */
final class ThreadSettings {
    private final LoopPlan.ThreadPlan wanted;
    private final int thread = Scheduling.threadId();
    private final BitSet formerCpus = Scheduling.affinity(Scheduling.CALLER);
    private final long formerSlackNs = Scheduling.timerSlackNs();
    private final List<LoopFinding> findings = new ArrayList<>();
    private boolean locked;
    private boolean raised;
    private Optional<IdleStates> idleStates = Optional.empty();

    private ThreadSettings(LoopPlan.ThreadPlan wanted) {
        this.wanted = wanted;
    }

    /** Applies the settings to the calling thread; what fails is reported. */
    static ThreadSettings apply(LoopPlan.ThreadPlan wanted) {
        ThreadSettings settings = new ThreadSettings(wanted);
        settings.memory();
        settings.cpus();
        settings.slack();
        settings.idle();
        settings.priority();
        return settings;
    }

    LoopReport report() {
        return new LoopReport(findings);
    }

    boolean isOfCaller() {
        return Scheduling.threadId() == thread;
    }

    private void memory() {
        if (wanted.memoryLock() == LoopPlan.MemoryLock.NONE) {
            return;
        }
        try {
            locked = ProcessMemory.lockedBytes() == 0;
            ProcessMemory.lockAll(ProcessMemory.Extent.ON_FIRST_USE);
            add("locked-memory", ProcessMemory.lockedBytes() > 0, "all memory is locked when it is first used");
        } catch (ShmException e) {
            locked = false;
            add("locked-memory", false, "memory can be paged out: " + e.getMessage());
        }
    }

    private void cpus() {
        wanted.otherThreadsCpu().ifPresent(this::moveOthers);
        wanted.cpu().ifPresent(cpu -> {
            BitSet one = single(cpu);
            try {
                Scheduling.setAffinity(Scheduling.CALLER, one);
                BitSet found = Scheduling.affinity(Scheduling.CALLER);
                add("processor", found.equals(one), "wanted processor " + cpu + ", runs on " + found);
            } catch (ShmException e) {
                add("processor", false, "runs on " + Scheduling.affinity(Scheduling.CALLER) + ": " + e.getMessage());
            }
        });
    }

    /** Threads that start later inherit the processors of the thread that starts them. */
    private void moveOthers(int cpu) {
        BitSet one = single(cpu);
        int moved = 0;
        String failure = "";
        for (int other : Scheduling.threadIds()) {
            if (other == thread) {
                continue;
            }
            try {
                Scheduling.setAffinity(other, one);
                moved++;
            } catch (ShmException e) {
                failure = e.getMessage(); // it may have ended in the meantime
            }
        }
        add(
                "other-threads",
                moved > 0,
                moved > 0 ? moved + " other threads moved to processor " + cpu : "none moved: " + failure);
    }

    private static BitSet single(int cpu) {
        BitSet one = new BitSet();
        one.set(cpu);
        return one;
    }

    private void slack() {
        try {
            Scheduling.setTimerSlack(1);
            add("timer-slack", true, "timer slack is " + Scheduling.timerSlackNs() + " ns");
        } catch (ShmException e) {
            add("timer-slack", false, e.getMessage());
        }
    }

    private void idle() {
        if (wanted.idling() == LoopPlan.Idling.ALLOWED) {
            return;
        }
        try {
            IdleStates request = IdleStates.forbid();
            idleStates = Optional.of(request);
            int limitUs = request.limitUs();
            add("idle-states", limitUs == 0, "processors leave idle states within " + limitUs + " us");
        } catch (ShmException e) {
            add("idle-states", false, "processors may use idle states: " + e.getMessage());
        }
    }

    private void priority() {
        if (!wanted.policy().isRealTime()) {
            return;
        }
        Priority priority = new Priority(wanted.policy(), wanted.priority());
        try {
            Scheduling.setPriority(Scheduling.CALLER, priority);
            raised = true;
            Priority found = Scheduling.priority(thread);
            add("priority", found.equals(priority), "wanted " + text(priority) + ", has " + text(found));
        } catch (ShmException e) {
            add("priority", false, "has the normal priority: " + e.getMessage());
        }
    }

    private static String text(Priority priority) {
        return priority.policy() + " " + priority.priority();
    }

    private void add(String id, boolean obtained, String evidence) {
        findings.add(new LoopFinding(id, obtained ? Severity.OK : Severity.WARNING, evidence, ""));
    }

    /** Drops the priority. Called before any work after the last step, which must not starve other threads. */
    void dropPriority() {
        if (raised) {
            raised = false;
            Scheduling.setPriority(thread, Priority.NORMAL);
        }
    }

    /** Undoes everything that this object changed for the calling thread and the process. */
    void undo() {
        dropPriority();
        idleStates.ifPresent(IdleStates::close);
        idleStates = Optional.empty();
        if (isOfCaller()) {
            Scheduling.setTimerSlack(Math.max(1, formerSlackNs));
            Scheduling.setAffinity(Scheduling.CALLER, formerCpus);
        }
        if (locked) {
            locked = false;
            ProcessMemory.unlockAll();
        }
    }
}
