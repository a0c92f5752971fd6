package org.shmrt.bench.rig.report;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shmrt.bench.rig.process.Run;
import org.shmrt.bench.rig.scenario.Group;
import org.shmrt.bench.rig.scenario.Plan;
import org.shmrt.bench.rig.scenario.Scenario;

/**
 * The result of a measurement, as a table for people and as one line of JSON for programs.
 *
 * @param outcomes one for each scenario
 * @param environment the conditions
 */
public record Report(List<Outcome> outcomes, Environment environment) {
    private static final String HEAD = "%-22s %9s %9s %9s %9s %9s %9s %5s %6s%n";
    /** If the medians of the runs of a scenario differ by a larger factor, their conditions were not the same. */
    private static final double MAX_SPREAD = 2;

    private static final double NS_PER_US = 1000;
    private static final double SMALL = 0.1;

    /** The failures of all runs, one line each. */
    public List<String> failures() {
        return outcomes.stream().flatMap(outcome -> outcome.failures().stream()).toList();
    }

    public List<Comparison.Ratio> ratios() {
        return Comparison.of(outcomes);
    }

    /** The result as text. */
    public String table() {
        Plan plan = environment.plan();
        StringBuilder text = new StringBuilder();
        line(
                text,
                "Processes on cores %d and %d, %s layout; times in ns, medians of at most %d runs of %.2f s",
                environment.cores().get(0),
                environment.cores().get(1),
                plan.layout().id(),
                plan.pairs(),
                plan.runNs() / 1e9);
        line(
                text,
                "%s, %d processors (%.1f busy before), %s",
                Machine.processor(),
                Machine.processors(),
                environment.busyBefore(),
                Machine.kernel());
        line(text, "%s", Machine.java());
        line(text, "%s", environment.compiler());
        environment.warning().ifPresent(warning -> line(text, "%s", warning));
        for (List<Scenario> group : plan.groups()) {
            Group what = group.getFirst().group();
            line(text, "%n%s", what.heading());
            text.append(String.format(
                    Locale.ROOT, HEAD, "", "p50", "min p50", "max p50", "p99", "p99.9", "max", "runs", "B"));
            outcomes.stream()
                    .filter(outcome -> group.contains(outcome.scenario()))
                    .forEach(outcome -> row(text, outcome));
        }
        line(
                text,
                "%n%-34s %10s %10s %8s %8s %8s %8s",
                "comparison of pairs of runs",
                "us",
                "other us",
                "median",
                "min",
                "max",
                "target");
        Floors floors = new Floors(outcomes);
        ratios().forEach(ratio -> row(text, ratio, floors.of(ratio)));
        unsteady().forEach(one -> line(text, "UNSTEADY %s", one));
        failures().forEach(failure -> line(text, "FAILED %s", failure));
        return text.toString();
    }

    private static void row(StringBuilder text, Outcome outcome) {
        if (outcome.goodRuns().isEmpty()) {
            line(
                    text,
                    "%-22s %s",
                    outcome,
                    outcome.skipReason().map(reason -> "left out: " + reason).orElse("failed"));
            return;
        }
        line(
                text,
                "%-22s %9.0f %9.0f %9.0f %9.0f %9.0f %9d %5d %6.1f",
                outcome,
                outcome.percentileNs(50),
                outcome.minP50Ns(),
                outcome.maxP50Ns(),
                outcome.percentileNs(99),
                outcome.percentileNs(99.9),
                outcome.all().getMaxValue(),
                outcome.goodRuns().size(),
                outcome.allocatedBytes());
    }

    private static void row(StringBuilder text, Comparison.Ratio ratio, Optional<String> floor) {
        if (ratio.missing().isPresent()) {
            line(text, "%-34s %10s   %s", ratio.key(), "-", ratio.missing().get());
            return;
        }
        line(
                text,
                "%-34s %10.3f %10.3f %8.3f %8.3f %8.3f %8s %-6s %s",
                ratio.key(),
                ratio.numeratorNs() / NS_PER_US,
                ratio.denominatorNs() / NS_PER_US,
                ratio.median(),
                ratio.min(),
                ratio.max(),
                ratio.hasTarget()
                        ? String.format(Locale.ROOT, "%.3f", ratio.comparison().target())
                        : "",
                !ratio.hasTarget() ? "" : ratio.isMet() ? "met" : "missed",
                floor.orElse(""));
    }

    /** Scenarios whose runs differ too much. */
    private List<String> unsteady() {
        return outcomes.stream()
                .filter(outcome -> outcome.maxP50Ns() > MAX_SPREAD * outcome.minP50Ns())
                .map(outcome -> String.format(
                        Locale.ROOT,
                        "%s: p50 of its runs is %.0f to %.0f ns; other programs were running, or virtual processors"
                                + " moved",
                        outcome,
                        outcome.minP50Ns(),
                        outcome.maxP50Ns()))
                .toList();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    /** The result as one line of JSON. */
    public String json() {
        JsonObject machine = new JsonObject();
        environment.facts().forEach(machine::addProperty);
        JsonObject ratios = new JsonObject();
        JsonObject ranges = new JsonObject();
        JsonObject times = new JsonObject();
        JsonObject floorEffects = new JsonObject();
        Floors floors = new Floors(outcomes);
        JsonObject targets = new JsonObject();
        JsonObject missing = new JsonObject();
        for (Comparison.Ratio ratio : ratios()) {
            if (ratio.missing().isPresent()) {
                missing.addProperty(ratio.key(), ratio.missing().get());
                continue;
            }
            ratios.addProperty(ratio.key(), rounded(ratio.median()));
            JsonArray range = new JsonArray();
            range.add(rounded(ratio.min()));
            range.add(rounded(ratio.max()));
            ranges.add(ratio.key(), range);
            JsonArray both = new JsonArray();
            both.add(rounded(ratio.numeratorNs() / NS_PER_US));
            both.add(rounded(ratio.denominatorNs() / NS_PER_US));
            times.add(ratio.key(), both);
            floors.of(ratio).ifPresent(floor -> floorEffects.addProperty(ratio.key(), floor));
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
        all.add("ratios_us", times);
        all.add("ratios_at_floor", floorEffects);
        all.add("ratios_missing", missing);
        all.add("targets", targets);
        all.add("rows", rows);
        all.add("failed", failed);
        all.add("unsteady", unsteady);
        all.add("machine", machine);
        all.addProperty("warning", environment.warning().orElse(null));
        return new Gson().toJson(all);
    }

    private static JsonObject json(Outcome outcome) {
        JsonObject row = new JsonObject();
        row.addProperty("exchange", outcome.scenario().id());
        if (outcome.skipReason().isPresent()) {
            row.addProperty("left_out", outcome.skipReason().get());
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

    /** Three decimals; a small value keeps three digits, so that a ratio is never reported as 0. */
    private static double rounded(double value) {
        double magnitude = Math.abs(value);
        if (magnitude > 0 && magnitude < SMALL) {
            return Double.parseDouble(String.format(Locale.ROOT, "%.2e", value));
        }
        return Math.round(value * 1000) / 1000.0;
    }
}
