package org.shmrt.bench.determinism;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.bench.rig.report.Machine;

/**
 * The result as a table for people and as one line of JSON for programs.
 *
 * @param rows one for each figure
 * @param notes what the programs reported
 * @param facts the machine and the conditions by their JSON key
 */
record DeterminismReport(List<Row> rows, Collection<String> notes, Map<String, String> facts) {
    private static final String HEAD = "%-44s %10s %10s %9s %8s %8s %7s%n";

    static Map<String, String> facts(Plan plan, String compiler, double busyBefore, String command) {
        Map<String, String> facts = Machine.facts();
        facts.put("c", compiler);
        facts.put("loop_core", Integer.toString(plan.loopCore()));
        facts.put("other_core", Integer.toString(plan.otherCore()));
        facts.put("pairs", Integer.toString(plan.pairs()));
        facts.put("seconds", Double.toString(plan.seconds()));
        facts.put("starts", Integer.toString(plan.starts()));
        facts.put("busy_processors_before", String.format(Locale.ROOT, "%.2f", busyBefore));
        facts.put("command", command);
        return facts;
    }

    String table() {
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, HEAD, "", "Java us", "other us", "median", "min", "max", "target"));
        rows.forEach(row -> text.append(row.line()).append('\n'));
        notes.forEach(note -> text.append("NOTE ").append(note).append('\n'));
        return text.toString();
    }

    String json() {
        JsonObject all = new JsonObject();
        JsonObject machine = new JsonObject();
        facts.forEach(machine::addProperty);
        all.add("machine", machine);
        JsonArray figures = new JsonArray();
        for (Row row : rows) {
            JsonObject figure = new JsonObject();
            figure.addProperty("key", row.key());
            JsonArray values = new JsonArray();
            row.values().forEach(values::add);
            figure.add("values", values);
            row.median().ifPresent(value -> figure.addProperty("median", value));
            row.java().ifPresent(value -> figure.addProperty("java_ns", value));
            row.other().ifPresent(value -> figure.addProperty("other_ns", value));
            row.target().ifPresent(value -> figure.addProperty("target", value));
            row.isMet().ifPresent(value -> figure.addProperty("met", value));
            if (!row.remark().isEmpty()) {
                figure.addProperty("remark", row.remark());
            }
            figures.add(figure);
        }
        all.add("figures", figures);
        JsonArray remarks = new JsonArray();
        notes.forEach(remarks::add);
        all.add("notes", remarks);
        return new Gson().toJson(all);
    }

    /** Writes {@code determinism.md} and {@code determinism.json}. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("determinism.json"), json() + "\n");
        StringBuilder text = new StringBuilder("""
            # Determinism of loops in Java and in C

            The programs of a row ran alternately. A figure is the quotient of Java's percentile and the other program's
            in the same pair of runs: the median over the pairs, the minimum and the maximum. The times are medians over
            the pairs in µs. Counts are those of one run. A maximum, and a p99.99 of few samples, is mostly the machine's.

            ```
            """);
        text.append(table()).append("```\n\n## Machine\n\n| property | value |\n|---|---|\n");
        facts.forEach((property, value) -> text.append("| ")
                .append(property.replace('_', ' '))
                .append(" | ")
                .append(value.replace("|", "\\|"))
                .append(" |\n"));
        Files.writeString(directory.resolve("determinism.md"), text.toString());
    }
}
