package org.shmrt.bench.rig.report;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import org.shmrt.bench.rig.scenario.Group;
import org.shmrt.bench.rig.scenario.Plan;
import org.shmrt.bench.rig.scenario.Scenario;

/**
 * The result as a table for people, and as one line of JSON for programs.
 *
 * @param outcomes one for each exchange
 * @param setting the circumstances
 */
public record Report(List<Outcome> outcomes, Environment setting) {
    private static final String HEAD = "%-22s %9s %9s %9s %9s %9s %9s %5s %6s%n";
    /** Beyond this an exchange's runs were not made under the same circumstances. */
    private static final double UNSTEADY = 2;

    public List<String> failures() {
        return outcomes.stream().flatMap(outcome -> outcome.failures().stream()).toList();
    }

    public List<Comparison.Ratio> ratios() {
        return Comparison.of(outcomes);
    }

    public String table() {
        Plan plan = setting.plan();
        StringBuilder text = new StringBuilder();
        line(
                text,
                "Processes on cores %d and %d, %s layout, ns; medians of at most %d runs of %.2f s",
                setting.cores().get(0),
                setting.cores().get(1),
                plan.layout().word(),
                plan.pairs(),
                plan.runNs() / 1e9);
        line(
                text,
                "%s, %d processors (%.1f busy before), %s",
                Machine.processor(),
                Machine.processors(),
                setting.busyBefore(),
                Machine.kernel());
        line(text, "%s", Machine.java());
        line(text, "%s", setting.compiler());
        if (setting.warning() != null) {
            line(text, "%s", setting.warning());
        }
        for (List<Scenario> group : plan.groups()) {
            Group what = group.getFirst().group();
            line(text, "%n%s%s", what.isRoundTrip() ? "Round trip: " : "", what.title());
            text.append(String.format(
                    Locale.ROOT, HEAD, "", "p50", "least", "greatest", "p99", "p99.9", "max", "runs", "B"));
            outcomes.stream()
                    .filter(outcome -> group.contains(outcome.exchange()))
                    .forEach(outcome -> row(text, outcome));
        }
        line(text, "%n%-34s %8s %8s %8s %8s", "figure, of pairs of runs", "median", "least", "greatest", "target");
        ratios().forEach(ratio -> row(text, ratio));
        unsteady().forEach(one -> line(text, "UNSTEADY %s", one));
        failures().forEach(failure -> line(text, "FAILED %s", failure));
        return text.toString();
    }

    private static void row(StringBuilder text, Outcome outcome) {
        if (outcome.goodRuns().isEmpty()) {
            line(text, "%-22s %s", outcome, outcome.skipped() == null ? "failed" : "left out: " + outcome.skipped());
            return;
        }
        line(
                text,
                "%-22s %9.0f %9.0f %9.0f %9.0f %9.0f %9d %5d %6.1f",
                outcome,
                outcome.percentileNs(50),
                outcome.leastP50Ns(),
                outcome.greatestP50Ns(),
                outcome.percentileNs(99),
                outcome.percentileNs(99.9),
                outcome.all().getMaxValue(),
                outcome.goodRuns().size(),
                outcome.allocatedBytes());
    }

    private static void row(StringBuilder text, Comparison.Ratio ratio) {
        if (ratio.missing() != null) {
            line(text, "%-34s %8s   %s", ratio.key(), "-", ratio.missing());
            return;
        }
        line(
                text,
                "%-34s %8.3f %8.3f %8.3f %8s %s",
                ratio.key(),
                ratio.median(),
                ratio.least(),
                ratio.greatest(),
                ratio.hasTarget()
                        ? String.format(Locale.ROOT, "%.3f", ratio.comparison().target())
                        : "",
                !ratio.hasTarget() ? "" : ratio.isMet() ? "met" : "missed");
    }

    /** Exchanges whose runs differ more than what is measured can explain. */
    private List<String> unsteady() {
        return outcomes.stream()
                .filter(outcome -> outcome.greatestP50Ns() > UNSTEADY * outcome.leastP50Ns())
                .map(outcome -> String.format(
                        Locale.ROOT,
                        "%s: its runs' p50 is %.0f to %.0f ns; other work, or " + "virtual processors that moved",
                        outcome,
                        outcome.leastP50Ns(),
                        outcome.greatestP50Ns()))
                .toList();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    public String json() {
        JsonObject machine = new JsonObject();
        setting.facts().forEach(machine::addProperty);
        JsonObject ratios = new JsonObject();
        JsonObject ranges = new JsonObject();
        JsonObject targets = new JsonObject();
        JsonObject missing = new JsonObject();
        for (Comparison.Ratio ratio : ratios()) {
            if (ratio.missing() != null) {
                missing.addProperty(ratio.key(), ratio.missing());
                continue;
            }
            ratios.addProperty(ratio.key(), rounded(ratio.median()));
            JsonArray range = new JsonArray();
            range.add(rounded(ratio.least()));
            range.add(rounded(ratio.greatest()));
            ranges.add(ratio.key(), range);
            if (ratio.hasTarget()) {
                targets.addProperty(ratio.key(), rounded(ratio.comparison().target()));
            }
        }
        JsonArray rows = new JsonArray();
        outcomes.forEach(outcome -> rows.add(json(outcome)));
        JsonArray unsteady = new JsonArray();
        unsteady().forEach(unsteady::add);
        JsonArray failed = new JsonArray();
        failures().forEach(failed::add);
        JsonObject all = new JsonObject();
        all.add("ratios", ratios);
        all.add("ratio_ranges", ranges);
        all.add("ratios_missing", missing);
        all.add("targets", targets);
        all.add("rows", rows);
        all.add("failed", failed);
        all.add("unsteady", unsteady);
        all.add("machine", machine);
        all.addProperty("warning", setting.warning());
        return new Gson().toJson(all);
    }

    private static JsonObject json(Outcome outcome) {
        JsonObject row = new JsonObject();
        row.addProperty("exchange", outcome.exchange().word());
        if (outcome.skipped() != null) {
            row.addProperty("left_out", outcome.skipped());
            return row;
        }
        row.addProperty("p50_ns", rounded(outcome.percentileNs(50)));
        row.addProperty("p99_ns", rounded(outcome.percentileNs(99)));
        row.addProperty("p999_ns", rounded(outcome.percentileNs(99.9)));
        row.addProperty("allocated_bytes_per_message", rounded(outcome.allocatedBytes()));
        JsonArray runs = new JsonArray();
        for (Run run : outcome.runs()) {
            JsonObject one = new JsonObject();
            one.addProperty("p50_ns", rounded(outcome.percentileNs(run, 50)));
            one.addProperty("p999_ns", rounded(outcome.percentileNs(run, 99.9)));
            one.addProperty("measured", run.roundTrips().getTotalCount());
            one.addProperty("messages", run.messages());
            one.addProperty("ok", run.isGood());
            runs.add(one);
        }
        row.add("runs", runs);
        return row;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
