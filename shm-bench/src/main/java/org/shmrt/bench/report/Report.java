package org.shmrt.bench.report;

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

/**
 * The result of a benchmark as a table for people and as one line of JSON for programs.
 *
 * @param name of the files that it is written to, without suffix
 * @param introduction title and explanation, in Markdown
 * @param rows one for each figure
 * @param notes what the programs reported
 * @param facts the machine and the conditions by their JSON key
 */
public record Report(
        String name, String introduction, List<Row> rows, Collection<String> notes, Map<String, String> facts) {
    private static final String HEAD = "%-44s %12s %12s %9s %8s %8s %8s%n";

    /** The table. */
    public String table() {
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, HEAD, "", "ShmRT", "other", "median", "min", "max", "target"));
        rows.forEach(row -> text.append(row.line()).append('\n'));
        notes.forEach(note -> text.append("NOTE ").append(note).append('\n'));
        return text.toString();
    }

    /** One line. */
    public String json() {
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
            row.java()
                    .ifPresent(value -> figure.addProperty("java_" + row.unit().key(), value));
            row.other()
                    .ifPresent(value -> figure.addProperty("other_" + row.unit().key(), value));
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

    /** Writes {@code NAME.md} and {@code NAME.json}. */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(name + ".json"), json() + "\n");
        StringBuilder text = new StringBuilder(introduction).append("\n```\n");
        text.append(table()).append("```\n\n## Machine\n\n| property | value |\n|---|---|\n");
        facts.forEach((property, value) -> text.append("| ")
                .append(property.replace('_', ' '))
                .append(" | ")
                .append(value.replace("|", "\\|"))
                .append(" |\n"));
        Files.writeString(directory.resolve(name + ".md"), text.toString());
    }
}
