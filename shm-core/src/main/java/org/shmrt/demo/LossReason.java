package org.shmrt.demo;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.FindingKind;
import org.shmrt.doctor.Findings;
import org.shmrt.doctor.Machine;
import org.shmrt.doctor.MachineChecks;
import org.shmrt.doctor.SystemFiles;
import org.shmrt.stream.inspect.StreamDirectory;

/**
 * A likely reason why a run could not be held.
 *
 * @param cause what was found
 * @param help what would help
 */
record LossReason(String cause, String help) {
    private static final String COMMENT = "# ";
    private static final String INLINE_COMMENT = "    # ";
    private static final int MOST = 4;

    /** Findings about the machine that cost a sleeping or spinning process its processor. */
    private static final Set<FindingKind> KINDS = EnumSet.of(
            FindingKind.CONTAINER_CPU,
            FindingKind.PRESSURE,
            FindingKind.STEAL,
            FindingKind.SWAP,
            FindingKind.GOVERNOR,
            FindingKind.CLOCKSOURCE);

    /** Checks the machine for about a second. */
    static List<Finding> examineMachine() {
        SystemFiles files = SystemFiles.local();
        Findings findings = new Findings();
        MachineChecks.run(Machine.local(Machine.defaultCpu(files), StreamDirectory.get()), findings);
        return findings.bySeverity();
    }

    /**
     * The reasons, most likely first.
     *
     * @param longestNs the longest latency from when a frame was due until the mirror had its command
     * @param machine findings about the machine
     */
    static List<LossReason> of(RunPlan plan, Cores cores, long longestNs, List<Finding> machine) {
        List<LossReason> reasons = new ArrayList<>();
        settings(plan, cores, reasons);
        for (Finding finding : machine) {
            boolean isKnown = cores.areBusy()
                    && finding.kind() == FindingKind.PRESSURE
                    && finding.object().equals("cpu");
            if (KINDS.contains(finding.kind()) && finding.severity().isProblem() && !isKnown) {
                reasons.add(
                        new LossReason(finding.summary() + " [" + finding.kind().id() + "]", help(finding)));
            }
        }
        double rateHz = RunChoice.highestRate(cores, longestNs);
        if (longestNs > plan.periodNs() && rateHz < plan.rateHz()) {
            reasons.add(new LossReason(
                    String.format(
                            Locale.ROOT,
                            "the slowest frame took %.1f ms, and a period has %.1f ms",
                            longestNs / 1e6,
                            plan.periodNs() / 1e6),
                    "--rate " + DemoReport.number(rateHz)));
        }
        if (reasons.isEmpty()) {
            reasons.add(new LossReason(
                    "no setting explains it; the host may have stopped this machine for a moment",
                    "run it again, or: shm doctor --wake-up 5s"));
        }
        return List.copyOf(reasons.subList(0, Math.min(reasons.size(), MOST)));
    }

    private static void settings(RunPlan plan, Cores cores, List<LossReason> reasons) {
        int cpus = cores.budget().cpus();
        String has = cpus == 1 ? "one core" : cpus + " cores";
        if (plan.waiting() == Waiting.SPIN && cores.free() < RunChoice.CORES_FOR_SPINNING) {
            reasons.add(new LossReason(
                    String.format(
                            Locale.ROOT,
                            "the loop and the mirror spin all the time, on %s of which %.1f were busy",
                            has,
                            cores.busy()),
                    "--wait sem"));
        }
        if (cores.areBusy()) {
            reasons.add(new LossReason(
                    String.format(Locale.ROOT, "other programs kept %.1f of %s busy", cores.busy(), has),
                    priorityHelp(plan, cores) + "stop other programs (top -o %CPU)"));
        } else if (cpus == 1) {
            reasons.add(new LossReason(
                    "three processes share one core", "give the demo more cores (taskset, --cpuset-cpus)"));
        }
    }

    private static String priorityHelp(RunPlan plan, Cores cores) {
        if (plan.priority() > 0 || plan.waiting() == Waiting.SPIN) {
            return "";
        }
        return cores.lateWithPriorityNs().isPresent()
                ? "--priority " + Cores.PRIORITY + ", or "
                : "the right to a real-time priority (shm doctor: rtprio-limit), or ";
    }

    private static String help(Finding finding) {
        if (finding.remedy().isEmpty()) {
            return "shm doctor";
        }
        String first = finding.remedy().getFirst();
        return first.startsWith(COMMENT) ? first.substring(COMMENT.length()) : first.split(INLINE_COMMENT, 2)[0];
    }
}
