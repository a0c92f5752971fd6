package org.shmrt.bench.rig;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * The result as a table for people, and as one line of JSON for programs.
 *
 * @param outcomes one for each exchange
 * @param plan what was planned
 * @param cores where the two processes ran
 * @param compiler what compiled the C side, or null
 * @param noC why there is no C side, or null
 * @param clockStepNs the clock's step
 * @param loadBefore load of the machine before the measurement
 */
record Report(List<Outcome> outcomes, Plan plan, List<Integer> cores, String compiler, String noC,
        long clockStepNs, double loadBefore) {

    List<String> failures() {
        return outcomes.stream().flatMap(outcome -> outcome.failures().stream()).toList();
    }

    String table() {
        StringBuilder text = new StringBuilder();
        line(text, "Spin round trip between two processes on cores %d and %d, ns; medians of %d runs of %.1f s each",
                cores.get(0), cores.get(1), plan.pairs(), plan.runNs() / 1e9);
        line(text, "%s, %d processors, %s, load %.1f before", Machine.processor(), Machine.processors(),
                Machine.kernel(), loadBefore);
        line(text, "%s", Machine.java());
        line(text, "%s", noC == null ? compiler : "C is left out: " + noC);
        line(text, "");
        String head = "%-10s %9s %9s %9s";
        line(text, noC == null ? head + "   %9s %9s %9s   %s" : head, "exchange", "Java p50", "p99", "p99.9",
                "C p50", "p99", "p99.9", "Java/C p50 (of all pairs)");
        for (Outcome outcome : outcomes) {
            text.append(String.format(Locale.ROOT, "%-10s ", outcome.exchange()));
            percentiles(text, outcome, outcome.java());
            if (noC == null) {
                text.append("   ");
                percentiles(text, outcome, outcome.c());
                List<Double> ratios = outcome.ratios().stream().sorted().toList();
                if (!ratios.isEmpty()) {
                    text.append(String.format(Locale.ROOT, "   %.2f (%.2f to %.2f)", outcome.ratio(),
                            ratios.getFirst(), ratios.getLast()));
                }
            }
            line(text, "");
        }
        line(text, "Allocated by Java, bytes a round trip, both ends: %s", String.join(", ", outcomes.stream()
                .map(o -> o.exchange() + String.format(Locale.ROOT, " %.2f", o.allocatedBytes())).toList()));
        failures().forEach(failure -> line(text, "FAILED %s", failure));
        return text.toString();
    }

    private static void percentiles(StringBuilder text, Outcome outcome, List<Run> runs) {
        text.append(String.format(Locale.ROOT, "%9.0f %9.0f %9.0f", outcome.percentileNs(runs, 50),
                outcome.percentileNs(runs, 99), outcome.percentileNs(runs, 99.9)));
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    String json() {
        JsonObject ratios = new JsonObject();
        JsonArray rows = new JsonArray();
        for (Outcome outcome : outcomes) {
            JsonObject row = new JsonObject();
            row.addProperty("exchange", outcome.exchange().word());
            row.add("java", side(outcome, outcome.java()));
            if (noC == null) {
                row.add("c", side(outcome, outcome.c()));
                JsonArray pairs = new JsonArray();
                outcome.ratios().forEach(ratio -> pairs.add(rounded(ratio)));
                row.add("pair_ratios", pairs);
                if (!outcome.ratios().isEmpty()) {
                    ratios.addProperty(outcome.exchange().ratioKey(), rounded(outcome.ratio()));
                }
            }
            rows.add(row);
        }
        JsonArray failed = new JsonArray();
        failures().forEach(failed::add);
        JsonObject all = new JsonObject();
        all.add("machine", machine());
        all.add("rows", rows);
        all.add("ratios", ratios);
        all.add("failed", failed);
        return new Gson().toJson(all);
    }

    private JsonObject machine() {
        JsonObject machine = new JsonObject();
        machine.addProperty("processor", Machine.processor());
        machine.addProperty("processors", Machine.processors());
        machine.addProperty("kernel", Machine.kernel());
        machine.addProperty("java", Machine.java());
        machine.addProperty("c", noC == null ? compiler : "left out: " + noC);
        machine.addProperty("clock_step_ns", clockStepNs);
        machine.addProperty("load_before", loadBefore);
        machine.addProperty("load_after", Machine.load());
        return machine;
    }

    private static JsonObject side(Outcome outcome, List<Run> runs) {
        JsonObject side = new JsonObject();
        side.addProperty("p50_ns", rounded(outcome.percentileNs(runs, 50)));
        side.addProperty("p99_ns", rounded(outcome.percentileNs(runs, 99)));
        side.addProperty("p999_ns", rounded(outcome.percentileNs(runs, 99.9)));
        JsonArray each = new JsonArray();
        for (Run run : runs) {
            JsonObject one = new JsonObject();
            one.addProperty("p50_ns", rounded(outcome.percentileNs(run, 50)));
            one.addProperty("p99_ns", rounded(outcome.percentileNs(run, 99)));
            one.addProperty("p999_ns", rounded(outcome.percentileNs(run, 99.9)));
            one.addProperty("measured", run.roundTrips().getTotalCount());
            one.addProperty("messages", run.messages());
            one.addProperty("allocated_bytes_per_message", rounded(run.allocatedBytes()));
            one.addProperty("ok", run.isGood());
            each.add(one);
        }
        side.add("runs", each);
        return side;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
