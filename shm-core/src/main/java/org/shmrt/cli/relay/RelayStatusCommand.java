package org.shmrt.cli.relay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.relay.status.RelaySnapshot;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.relay.status.StatusReader;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code shm relay status}. */
@Command(
        name = "status",
        description =
                "Shows the relays of this machine and their streams: frames, skipped and lost ones, and the age of the"
                        + " newest one.")
final class RelayStatusCommand extends Verb {
    private static final List<String> HEAD =
            List.of("ROLE", "STREAM", "MACHINE", "TRANSPORT", "STATE", "FRAMES", "SKIPPED", "LOST", "WRITES", "AGE ms");
    /** The columns before are text, at the left; the others are numbers, at the right. */
    private static final int FIRST_NUMBER = HEAD.indexOf("FRAMES");

    private static final String GAP = "  ";
    private static final double NS_PER_MS = 1e6;

    @Option(names = "--json", description = "Print one line of JSON: items, an object for each relay.")
    private boolean json;

    @Override
    public Integer call() {
        List<RelaySnapshot> relays = StatusReader.all();
        if (json) {
            printJson(Map.of(
                    "items", relays.stream().map(RelayStatusCommand::json).toList()));
        } else {
            relays.forEach(relay -> printAll(text(relay)));
            if (relays.isEmpty()) {
                note("no relays in " + FileNames.text(StatusPage.directory())
                        + ": shm relay serve and shm relay get start one");
            }
        }
        return ExitStatus.DONE;
    }

    private static List<String> text(RelaySnapshot relay) {
        List<String> lines = new ArrayList<>();
        lines.add("process " + relay.pid() + (relay.alive() ? "" : " (ended)") + ": " + Printable.of(relay.title())
                + (relay.refused() > 0 ? "; " + relay.refused() + " connections refused" : ""));
        if (relay.rows().isEmpty()) {
            return lines;
        }
        List<List<String>> table = new ArrayList<>();
        table.add(HEAD);
        relay.rows().forEach(stream -> table.add(cells(stream)));
        lines.add(line(table, 0));
        for (int i = 0; i < relay.rows().size(); i++) {
            lines.add(line(table, i + 1));
            String reason = relay.rows().get(i).reason();
            if (!reason.isEmpty()) {
                lines.add("       " + Printable.of(reason));
            }
        }
        return lines;
    }

    private static List<String> cells(RelaySnapshot.Row stream) {
        Map<RowCounter, Long> counters = stream.counters();
        return List.of(
                stream.role() == RowRole.SEND ? "send" : "get",
                Printable.of(stream.name()),
                Printable.of(stream.peer()),
                stream.transport(),
                word(stream.state()),
                counters.get(RowCounter.FRAMES).toString(),
                counters.get(RowCounter.SKIPPED).toString(),
                counters.get(RowCounter.LOST).toString(),
                counters.get(RowCounter.WRITES).toString(),
                String.format(Locale.ROOT, "%.2f", counters.get(RowCounter.AGE_NS) / NS_PER_MS));
    }

    /** A line of a table whose columns are as wide as their contents. */
    private static String line(List<List<String>> table, int index) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < HEAD.size(); i++) {
            int column = i;
            int width = table.stream()
                    .mapToInt(cells -> cells.get(column).length())
                    .max()
                    .orElse(0);
            String cell = table.get(index).get(i);
            String space = " ".repeat(width - cell.length());
            line.append(GAP).append(i < FIRST_NUMBER ? cell + space : space + cell);
        }
        return line.toString().stripTrailing();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> json(RelaySnapshot relay) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("pid", relay.pid());
        values.put("alive", relay.alive());
        values.put("title", relay.title());
        values.put("started_ns", relay.startedNs());
        values.put("refused", relay.refused());
        values.put(
                "streams", relay.rows().stream().map(RelayStatusCommand::json).toList());
        return values;
    }

    private static Map<String, Object> json(RelaySnapshot.Row row) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("role", word(row.role()));
        values.put("state", word(row.state()));
        values.put("name", row.name());
        values.put("machine", row.peer());
        values.put("transport", row.transport());
        values.put("reason", row.reason());
        row.counters()
                .forEach((counter, value) ->
                        values.put(word(counter), counter == RowCounter.SOURCE_COUNT ? Json.unsigned(value) : value));
        return values;
    }
}
