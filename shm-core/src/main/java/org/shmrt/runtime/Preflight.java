package org.shmrt.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.doctor.Machine;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.thread.IdleStates;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.runtime.LoopFinding.Severity;
import org.shmrt.text.FileNames;

/** Looks at what a loop wants and what this machine and this user can give, without changing anything. */
final class Preflight {
    private static final String UNKNOWN = "unknown";

    private final LoopPlan plan;
    private final Machine machine;
    private final List<LoopFinding> findings = new ArrayList<>();

    private Preflight(LoopPlan plan) {
        this.plan = plan;
        machine = Machine.local(plan.threads().cpu().orElse(0), Path.of("/dev/shm"));
    }

    static LoopReport of(LoopPlan plan) {
        Preflight preflight = new Preflight(plan);
        preflight.processors();
        preflight.priority();
        preflight.memory();
        preflight.idleStates();
        return new LoopReport(preflight.findings);
    }

    private void processors() {
        plan.threads().cpu().ifPresent(cpu -> {
            boolean allowed = Scheduling.affinity(Scheduling.CALLER).get(cpu) || OwnProcess.userId() == 0;
            int processors = Runtime.getRuntime().availableProcessors();
            if (!allowed) {
                add(
                        "processor",
                        limitSeverity(),
                        "processor " + cpu + " is not among the processors of this process, "
                                + Scheduling.affinity(Scheduling.CALLER),
                        "choose one of them, or start with taskset");
            } else if (processors < 2) {
                add(
                        "processor",
                        Severity.WARNING,
                        "there is one processor for the loop and all other threads",
                        "give the process at least two");
            } else {
                String isolated =
                        machine.files().text("/sys/devices/system/cpu/isolated").orElse("");
                add(
                        "processor",
                        Severity.OK,
                        "processor " + cpu + " of " + processors + ", isolated: "
                                + (isolated.isEmpty() ? "none" : isolated),
                        "");
            }
            plan.threads().otherThreadsCpu().stream()
                    .filter(other -> other == cpu)
                    .forEach(other -> add(
                            "other-threads",
                            Severity.ERROR,
                            "the other threads are to run on the loop's processor " + cpu,
                            "give otherThreadsOn another processor"));
        });
    }

    private void priority() {
        if (!plan.isRealTime()) {
            return;
        }
        String limit = machine.limit("Max realtime priority").orElse(UNKNOWN);
        boolean enough = machine.mayRaisePriority()
                || limit.equals("unlimited")
                || (limit.matches("\\d+")
                        && Integer.parseInt(limit) >= plan.threads().priority());
        add(
                "priority",
                enough ? Severity.OK : limitSeverity(),
                "priority " + plan.threads().priority() + ", the limit rtprio is " + limit,
                enough ? "" : "add '@realtime - rtprio 99' to /etc/security/limits.conf and log in again");
    }

    private void memory() {
        if (plan.threads().memoryLock() == LoopPlan.MemoryLock.NONE) {
            return;
        }
        String limit = machine.limit("Max locked memory").orElse(UNKNOWN);
        boolean enough = machine.mayLockMemory() || limit.equals("unlimited");
        add(
                "locked-memory",
                enough ? Severity.OK : limitSeverity(),
                "the limit memlock is " + limit,
                enough ? "" : "add '@realtime - memlock unlimited' to /etc/security/limits.conf and log in again");
    }

    private void idleStates() {
        if (plan.threads().idling() == LoopPlan.Idling.ALLOWED) {
            return;
        }
        Path device = IdleStates.DEVICE;
        boolean enough = Files.isWritable(device);
        add(
                "idle-states",
                enough ? Severity.OK : limitSeverity(),
                FileNames.text(device)
                        + (enough ? " is writable" : Files.exists(device) ? " is not writable" : " does not exist"),
                enough ? "" : IdleStates.PERMISSION_ADVICE);
    }

    /** A missing right degrades the loop, unless its settings are required. */
    private Severity limitSeverity() {
        return plan.threads().strictness() == LoopPlan.Strictness.REQUIRE ? Severity.ERROR : Severity.WARNING;
    }

    private void add(String id, Severity severity, String evidence, String remedy) {
        findings.add(new LoopFinding(id, severity, evidence, remedy));
    }
}
