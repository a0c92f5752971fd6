package org.shmrt.cli.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ErrorOutput;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Ink;
import org.shmrt.cli.verb.Verb;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.FindingKind;
import org.shmrt.doctor.Findings;
import org.shmrt.doctor.Machine;
import org.shmrt.doctor.MachineChecks;
import org.shmrt.doctor.SystemFiles;
import org.shmrt.doctor.WakeUpTest;
import org.shmrt.doctor.object.ObjectChecks;
import org.shmrt.doctor.object.Repairs;
import org.shmrt.stream.inspect.StreamDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm doctor}. */
@Command(
        name = "doctor",
        description = {
            "Finds what is wrong with the machine and with the streams, semaphores and blocks on it.",
            "Each finding shows what was read and where, what follows from it, and the command that corrects it."
                    + " doctor changes nothing; only --fix does, and only what no program uses.",
            "With STREAMs it checks only these. Exit status: 0 nothing found or remarks only, 1 a warning or an error, "
                    + "2 wrong usage."
        })
public final class DoctorCommand extends Verb {
    /** Of more findings of one kind, the first is shown, and only the names of the others. */
    private static final int MAX_ALIKE = 3;

    private static final long MIN_WAKE_UP_NS = 10_000_000L;
    private static final long MAX_WAKE_UP_NS = 600_000_000_000L;

    @Parameters(
            paramLabel = "STREAM",
            arity = "0..*",
            converter = Converters.ToStreamPath.class,
            description = "Paths or bare names. Default: the machine and everything that lives on it.")
    private List<Path> streams = List.of();

    @Option(
            names = "--cpu",
            paramLabel = "N",
            description = "The processor of a real-time loop. Default: the last isolated one, else the last one.")
    private Integer cpu;

    @Option(
            names = "--wake-up",
            paramLabel = "TIME",
            converter = Converters.ToNanoseconds.class,
            description = "Also measure for this time, for example 5s, how late sleeping threads wake up.")
    private Long wakeUpNs;

    @Option(
            names = "--fix",
            paramLabel = "ID",
            description = "Fix the findings of this id. Can be repeated. Ids that can be fixed: "
                    + "repairable-stream, extraneous-semaphore, missing-semaphores, orphaned-semaphores, "
                    + "temporary-file, killed-demo.")
    private List<String> fixes = List.of();

    @Option(names = "--dry-run", description = "With --fix: only report what would be changed.")
    private boolean dryRun;

    @Option(names = "--all", description = "Also show checks whose result is good, and those that cannot be made.")
    private boolean all;

    @Option(names = "--json", description = "Print one line of JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        checkOptions();
        Findings findings = new Findings();
        if (!fixes.isEmpty()) {
            examineObjects(findings);
            return fix(findings);
        }
        SystemFiles files = SystemFiles.local();
        int loopCpu = Optional.ofNullable(cpu).orElseGet(() -> Machine.defaultCpu(files));
        if (streams.isEmpty()) {
            MachineChecks.run(Machine.local(loopCpu, StreamDirectory.get()), findings);
        }
        examineObjects(findings);
        Optional<WakeUpTest.Result> wakeUp = Optional.empty();
        if (wakeUpNs != null) {
            if (ErrorOutput.isTerminal(err())) {
                note("measuring wake-ups for " + wakeUpNs / 1_000_000 + " ms ...");
            }
            wakeUp = Optional.of(WakeUpTest.run(loopCpu, wakeUpNs));
            WakeUpTest.report(wakeUp.get(), findings);
        }
        List<Finding> shown = findings.bySeverity().stream()
                .filter(finding -> all || !finding.severity().isQuiet())
                .toList();
        if (json) {
            printJson(FindingJson.report(loopCpu, shown, wakeUp));
        } else {
            print(shown, wakeUp, loopCpu, findings);
        }
        return findings.all().stream().anyMatch(finding -> finding.severity().isProblem())
                ? ExitStatus.FAILED
                : ExitStatus.DONE;
    }

    private void checkOptions() {
        if (cpu != null && (cpu < 0 || !Machine.isOnline(SystemFiles.local(), cpu))) {
            throw wrongUsage("--cpu: this machine has no processor " + cpu
                    + ", or it is switched off: see /sys/devices/system/cpu/online");
        }
        if (wakeUpNs != null && (wakeUpNs < MIN_WAKE_UP_NS || wakeUpNs > MAX_WAKE_UP_NS)) {
            throw wrongUsage("--wake-up: measure for 10ms to 10min");
        }
        if (!fixes.isEmpty() && wakeUpNs != null) {
            throw wrongUsage("--wake-up and --fix: use one of them");
        }
        if (dryRun && fixes.isEmpty()) {
            throw wrongUsage("--dry-run: give --fix ID, because doctor itself changes nothing");
        }
        for (String id : fixes) {
            FindingKind kind = FindingKind.ofId(id)
                    .orElseThrow(() -> wrongUsage("--fix: there is no finding '" + id + "': use one of "
                            + String.join(", ", FindingKind.fixableIds())));
            if (!kind.isFixable()) {
                throw wrongUsage("--fix: " + id + " cannot be fixed by shm: run the command that doctor shows for it; "
                        + "it can fix " + String.join(", ", FindingKind.fixableIds()));
            }
        }
    }

    private void examineObjects(Findings findings) {
        Set<Path> directories = new LinkedHashSet<>(ObjectChecks.directories());
        for (Path stream : streams) {
            Optional.ofNullable(stream.toAbsolutePath().getParent()).ifPresent(directories::add);
        }
        ObjectChecks checks = new ObjectChecks(SystemFiles.local(), new ArrayList<>(directories));
        if (streams.isEmpty()) {
            checks.all(findings);
        } else {
            checks.streams(streams, findings);
        }
    }

    private int fix(Findings findings) {
        int status = ExitStatus.DONE;
        List<Map<String, Object>> results = new ArrayList<>();
        for (Finding finding : findings.all()) {
            if (!fixes.contains(finding.kind().id())) {
                continue;
            }
            for (Repairs.Outcome outcome : dryRun ? Repairs.plan(finding) : Repairs.apply(finding)) {
                Map<String, Object> result = new LinkedHashMap<>();
                result.put("id", finding.kind().id());
                result.put("object", outcome.object());
                result.put("fixed", outcome.fixed());
                result.put("message", outcome.text());
                results.add(result);
                if (!outcome.fixed() && !dryRun) {
                    status = ExitStatus.FAILED;
                }
                if (!json) {
                    print(FindingText.line(outcome.object() + ": " + outcome.text()));
                }
            }
        }
        if (json) {
            printJson(Map.of("fixes", results));
        } else if (results.isEmpty()) {
            print("nothing to fix: no finding " + String.join(" or ", fixes));
        }
        return status;
    }

    private void print(List<Finding> shown, Optional<WakeUpTest.Result> wakeUp, int loopCpu, Findings findings) {
        Map<String, List<Finding>> groups = new LinkedHashMap<>();
        for (Finding finding : shown) {
            groups.computeIfAbsent(finding.severity() + finding.kind().id(), key -> new ArrayList<>())
                    .add(finding);
        }
        for (List<Finding> group : groups.values()) {
            if (group.size() <= MAX_ALIKE || group.getFirst().severity().isQuiet()) {
                group.forEach(finding -> printFinding(finding, List.of()));
            } else {
                printFinding(group.getFirst(), group.subList(1, group.size()));
            }
        }
        wakeUp.ifPresent(result -> printAll(FindingText.of(result)));
        printAll(FindingText.summary(findings, streams.isEmpty() ? "cpu " + loopCpu : "")
                .lines()
                .toList());
    }

    private void printFinding(Finding finding, List<Finding> others) {
        List<String> lines = FindingText.of(finding, others);
        Ink ink = ink();
        String first = lines.getFirst();
        out().println(
                        switch (finding.severity()) {
                            case ERROR -> ink.error(first);
                            case WARNING -> ink.warning(first);
                            default -> first;
                        });
        printAll(lines.subList(1, lines.size()));
    }
}
