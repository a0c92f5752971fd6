package org.shmrt.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.Findings;
import org.shmrt.doctor.Severity;
import org.shmrt.doctor.WakeUpTest;
import org.shmrt.text.Printable;

/** Findings as text of 80 columns. Commands are not wrapped, so that they can be copied. */
final class FindingText {
    private static final int WIDTH = 80;
    private static final int LABEL_WIDTH = 9;
    private static final int MAX_SHOWN = 8;
    private static final String COMMENT = "# ";
    private static final String INLINE_COMMENT = "    # ";

    private FindingText() {}

    /** The lines of a finding, the objects of others of the same kind, and an empty line. */
    static List<String> of(Finding finding, List<Finding> others) {
        List<String> lines = new ArrayList<>();
        if (finding.severity().isQuiet()) {
            add(
                    lines,
                    label(finding.severity()),
                    finding.object() + ": " + finding.evidence() + " ["
                            + finding.kind().id() + "]");
            return lines;
        }
        add(
                lines,
                label(finding.severity()),
                finding.object() + ": " + finding.summary() + " ["
                        + finding.kind().id() + "]");
        add(lines, "  found", finding.evidence());
        if (!finding.consequence().isEmpty()) {
            add(lines, "  effect", finding.consequence());
        }
        String label = "  remedy";
        for (String remedy : finding.remedy()) {
            addRemedy(lines, label, remedy);
            label = "";
        }
        if (!others.isEmpty()) {
            List<String> names =
                    others.stream().limit(MAX_SHOWN).map(Finding::object).toList();
            int more = others.size() - names.size();
            add(
                    lines,
                    "  also",
                    "the same for " + String.join(", ", names)
                            + (more > 0 ? " and " + more + " more (--json lists all)" : ""));
        }
        lines.add("");
        return lines;
    }

    private static String label(Severity severity) {
        return severity == Severity.OK ? "ok" : severity == Severity.UNKNOWN ? "unknown" : severity.name();
    }

    private static void addRemedy(List<String> lines, String label, String remedy) {
        int comment = remedy.indexOf(INLINE_COMMENT);
        if (remedy.startsWith(COMMENT)) {
            List<String> parts = wrap(remedy.substring(COMMENT.length()), WIDTH - LABEL_WIDTH - COMMENT.length());
            for (int i = 0; i < parts.size(); i++) {
                lines.add(pad(i == 0 ? label : "") + COMMENT + parts.get(i));
            }
        } else if (comment >= 0 && remedy.length() > WIDTH - LABEL_WIDTH) {
            addRemedy(lines, label, COMMENT + remedy.substring(comment + INLINE_COMMENT.length()));
            addRemedy(lines, "", remedy.substring(0, comment));
        } else {
            lines.add(pad(label) + line(remedy));
        }
    }

    private static void add(List<String> lines, String label, String text) {
        List<String> parts = wrap(text, WIDTH - LABEL_WIDTH);
        for (int i = 0; i < parts.size(); i++) {
            lines.add(pad(i == 0 ? label : "") + parts.get(i));
        }
    }

    private static String pad(String label) {
        return label + " ".repeat(Math.max(1, LABEL_WIDTH - label.length()));
    }

    /** One line without control characters. */
    static String line(String text) {
        return Printable.of(text);
    }

    /** Lines of at most a width, broken at blanks only. */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : line(text).split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** The table of a measurement, and an empty line. */
    static List<String> of(WakeUpTest.Result result) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "wake-up test: %.1f s on %s, a sleep of 1.03 ms each time, latency in us",
                result.durationNs() / 1e9,
                result.pinned() ? "cpu " + result.cpu() : "any processor"));
        lines.add(String.format(
                "  %-10s %-16s %10s %10s %10s %10s", "priority", "sleep by", "p50", "p99", "max", "wake-ups"));
        for (WakeUpTest.Series one : result.series()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-10s %-16s %10.1f %10.1f %10.1f %10d",
                    one.priority() == 0 ? "ordinary" : "FIFO " + one.priority(),
                    one.method() == WakeUpTest.Method.CLOCK_NANOSLEEP ? "clock_nanosleep" : "parkNanos",
                    one.p50Ns() / 1e3,
                    one.p99Ns() / 1e3,
                    one.maxNs() / 1e3,
                    one.count()));
        }
        if (!result.hasRealTime()) {
            lines.add("  This user gets no real-time priority, so it was not measured (see rtprio-limit).");
        }
        lines.add("");
        return lines;
    }

    /** The last line. */
    static String summary(Findings findings, String cpu) {
        long errors = count(findings, Severity.ERROR);
        long warnings = count(findings, Severity.WARNING);
        long remarks = count(findings, Severity.INFO);
        String numbers = errors + warnings + remarks == 0
                ? "nothing found"
                : Quantity.of(errors, "error") + ", " + Quantity.of(warnings, "warning") + ", "
                        + Quantity.of(remarks, "remark");
        long good = count(findings, Severity.OK);
        return numbers
                + (good == 0 ? "" : "; " + Quantity.of(good, "check") + " without a finding (--all shows them)")
                + (cpu.isEmpty() ? "" : "\nThe loop's processor was taken to be " + cpu + "; --cpu N selects another.");
    }

    private static long count(Findings findings, Severity severity) {
        return findings.all().stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
