package org.shmrt.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.runtime.LoopFinding.Severity;

/** Looks at what a loop wants and what this machine and this user can give, without changing anything. */
final class Preflight {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path ISOLATED = Path.of("/sys/devices/system/cpu/isolated");
    private static final int LIMIT_COLUMN = 26;

    private final LoopPlan plan;
    private final List<LoopFinding> findings = new ArrayList<>();

    private Preflight(LoopPlan plan) {
        this.plan = plan;
    }

    static LoopReport of(LoopPlan plan) {
        Preflight preflight = new Preflight(plan);
        preflight.processors();
        preflight.priority();
        preflight.memory();
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
                String isolated = firstLine(ISOLATED);
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
        String limit = limit("Max realtime priority");
        boolean enough = OwnProcess.userId() == 0
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
        String limit = limit("Max locked memory");
        boolean enough = OwnProcess.userId() == 0 || limit.equals("unlimited");
        add(
                "locked-memory",
                enough ? Severity.OK : limitSeverity(),
                "the limit memlock is " + limit,
                enough ? "" : "add '@realtime - memlock unlimited' to /etc/security/limits.conf and log in again");
    }

    /** A missing right degrades the loop, unless its settings are required. */
    private Severity limitSeverity() {
        return plan.threads().strictness() == LoopPlan.Strictness.REQUIRE ? Severity.ERROR : Severity.WARNING;
    }

    private void add(String id, Severity severity, String evidence, String remedy) {
        findings.add(new LoopFinding(id, severity, evidence, remedy));
    }

    private static String limit(String name) {
        try {
            for (String line : Files.readAllLines(LIMITS, StandardCharsets.US_ASCII)) {
                if (line.startsWith(name)) {
                    return line.substring(LIMIT_COLUMN).strip().split(" ")[0];
                }
            }
        } catch (IOException e) {
            // not known
        }
        return "unknown";
    }

    private static String firstLine(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
