package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.INTERRUPT_RATE;
import static org.shmrt.doctor.FindingKind.PRESSURE;
import static org.shmrt.doctor.FindingKind.STEAL;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What happens on the processor during one second: interrupts, time taken by the host; and pressure by other programs. */
final class RateChecks {
    private static final long WINDOW_NS = 1_000_000_000L;

    /** A processor with a tick of 1000 Hz and little else stays below. */
    private static final long MANY_INTERRUPTS = 1500;

    private static final double MUCH_STEAL_PERCENT = 2;
    private static final int STEAL_WORD = 8;

    /** Shares of time in percent, averaged over ten seconds, from which other programs delay a loop often. */
    private static final Map<String, Double> MUCH_PRESSURE = pressureLimits();

    private static final Pattern SOME_10 = Pattern.compile("some avg10=([0-9.]+)");
    private static final int MAX_SHOWN = 4;

    private RateChecks() {}

    private static Map<String, Double> pressureLimits() {
        Map<String, Double> limits = new LinkedHashMap<>();
        limits.put("cpu", 20.0);
        limits.put("memory", 1.0);
        limits.put("io", 40.0);
        return limits;
    }

    static void run(Machine machine, Findings findings) {
        Map<String, Long> interruptsBefore = interrupts(machine);
        long[] timesBefore = times(machine);
        machine.pauseNs().accept(WINDOW_NS);
        interruptRate(machine, interruptsBefore, interrupts(machine), findings);
        steal(machine, timesBefore, times(machine), findings);
        MUCH_PRESSURE.forEach((resource, limit) -> pressure(machine.files(), resource, limit, findings));
    }

    /** The counters of the processor's interrupts by their names. */
    private static Map<String, Long> interrupts(Machine machine) {
        Map<String, Long> counters = new LinkedHashMap<>();
        List<String> lines = machine.files().lines("/proc/interrupts");
        if (lines.isEmpty()) {
            return counters;
        }
        // Processors that are switched off have no column.
        List<String> columns = List.of(lines.getFirst().strip().split("\\s+"));
        int column = columns.indexOf("CPU" + machine.cpu());
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.strip().split("\\s+", columns.size() + 2);
            if (column >= 0 && words.length > column + 1) {
                String text = words.length > columns.size() + 1 ? words[columns.size() + 1] : "";
                SystemFiles.parse(words[column + 1])
                        .ifPresent(count -> counters.put((words[0] + " " + text).strip(), count));
            }
        }
        return counters;
    }

    private static void interruptRate(
            Machine machine, Map<String, Long> before, Map<String, Long> after, Findings findings) {
        if (after.isEmpty()) {
            findings.unknown(INTERRUPT_RATE, machine.cpuName(), "/proc/interrupts has no column for the processor");
            return;
        }
        Map<String, Long> rates = new LinkedHashMap<>();
        after.forEach((name, count) -> rates.put(name, Math.max(0, count - before.getOrDefault(name, count))));
        long sum = rates.values().stream().mapToLong(Long::longValue).sum();
        List<String> most = new ArrayList<>();
        rates.entrySet().stream()
                .filter(rate -> rate.getValue() > 0)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(MAX_SHOWN)
                .forEach(rate -> most.add(rate.getValue() + " " + rate.getKey().replaceAll("\\s+", " ")));
        String evidence =
                "/proc/interrupts: " + sum + " in one second" + (most.isEmpty() ? "" : ": " + String.join("; ", most));
        if (sum <= MANY_INTERRUPTS) {
            findings.ok(INTERRUPT_RATE, machine.cpuName(), evidence);
            return;
        }
        findings.add(
                INTERRUPT_RATE,
                Severity.WARNING,
                machine.cpuName(),
                "the processor serves " + sum + " interrupts a second",
                evidence,
                "the loop is interrupted more often than by a timer tick; each interruption costs some us",
                "# run loops on a processor with fewer interrupts (shm doctor --cpu N), or move these to others");
    }

    /** Words of the processor's line in /proc/stat; empty if there is none. */
    private static long[] times(Machine machine) {
        return machine.files().lines("/proc/stat").stream()
                .filter(line -> line.startsWith("cpu" + machine.cpu() + " "))
                .map(line -> line.split("\\s+"))
                .filter(words -> words.length > STEAL_WORD)
                .map(RateChecks::numbers)
                .findFirst()
                .orElse(new long[0]);
    }

    private static long[] numbers(String[] words) {
        long[] numbers = new long[STEAL_WORD];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = SystemFiles.parse(words[i + 1]).orElse(0);
        }
        return numbers;
    }

    private static void steal(Machine machine, long[] before, long[] after, Findings findings) {
        if (before.length == 0 || after.length == 0) {
            findings.unknown(STEAL, machine.cpuName(), "/proc/stat has no line for the processor");
            return;
        }
        double now = stolenPercent(before, after);
        double always = stolenPercent(new long[after.length], after);
        String evidence = String.format(
                Locale.ROOT, "/proc/stat: %.1f %% of the last second, %.2f %% since the start", now, always);
        if (now < MUCH_STEAL_PERCENT && always < MUCH_STEAL_PERCENT) {
            findings.ok(STEAL, machine.cpuName(), evidence);
            return;
        }
        findings.add(
                STEAL,
                now < MUCH_STEAL_PERCENT ? Severity.INFO : Severity.WARNING,
                machine.cpuName(),
                "the host takes the processor away (steal time)",
                evidence,
                "every thread is stopped during that time, whatever its priority",
                "# have the host reserve processors for this virtual machine, or use another host");
    }

    private static double stolenPercent(long[] before, long[] after) {
        long all = 0;
        for (int i = 0; i < after.length; i++) {
            all += after[i] - before[i];
        }
        return all <= 0 ? 0 : 100.0 * (after[STEAL_WORD - 1] - before[STEAL_WORD - 1]) / all;
    }

    private static void pressure(SystemFiles files, String resource, double limit, Findings findings) {
        String file = "/proc/pressure/" + resource;
        Optional<Double> share = files.text(file)
                .map(SOME_10::matcher)
                .filter(Matcher::find)
                .flatMap(matcher -> parse(matcher.group(1)));
        if (share.isEmpty()) {
            findings.unknown(PRESSURE, resource, file + " cannot be read");
            return;
        }
        String evidence = file + ": some avg10=" + share.get();
        if (share.get() <= limit) {
            findings.ok(PRESSURE, resource, evidence);
            return;
        }
        findings.add(
                PRESSURE,
                Severity.WARNING,
                resource,
                "threads waited for " + name(resource) + " in " + Math.round(share.get())
                        + " % of the last ten seconds",
                evidence,
                "a thread without real-time priority loses that time, and frames with it",
                switch (resource) {
                    case "cpu" -> "top -o %CPU    # stop what is not needed, or give loops an isolated processor";
                    case "memory" -> "free -h; top -o %MEM    # free memory, and lock that of loops";
                    default -> "iotop -o    # keep streams on tmpfs, and disks away from loops";
                });
    }

    private static String name(String resource) {
        return switch (resource) {
            case "cpu" -> "a processor";
            case "io" -> "a disk";
            default -> resource;
        };
    }

    private static Optional<Double> parse(String text) {
        try {
            return Optional.of(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
