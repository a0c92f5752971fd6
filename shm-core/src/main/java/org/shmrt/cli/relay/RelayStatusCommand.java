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
    private static final String FORMAT = "  %-4s %-20s %-28s %-20s %-10s %10s %8s %8s %8s %9s";
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
                note("no relays in " + StatusPage.directory() + ": shm relay serve and shm relay get start one");
            }
        }
        return ExitStatus.DONE;
    }

    private static List<String> text(RelaySnapshot relay) {
        List<String> lines = new ArrayList<>();
        lines.add("process " + relay.pid() + (relay.alive() ? "" : " (ended)") + ": " + Printable.of(relay.title())
                + (relay.refused() > 0 ? "; " + relay.refused() + " connections refused" : ""));
        if (!relay.rows().isEmpty()) {
            lines.add(row(
                    "ROLE",
                    "STREAM",
                    "MACHINE",
                    "TRANSPORT",
                    "STATE",
                    "FRAMES",
                    "SKIPPED",
                    "LOST",
                    "WRITES",
                    "AGE ms"));
        }
        for (RelaySnapshot.Row stream : relay.rows()) {
            lines.add(row(
                    stream.role() == RowRole.SEND ? "send" : "get",
                    Printable.of(stream.name()),
                    Printable.of(stream.peer()),
                    stream.transport(),
                    word(stream.state()),
                    stream.counters().get(RowCounter.FRAMES),
                    stream.counters().get(RowCounter.SKIPPED),
                    stream.counters().get(RowCounter.LOST),
                    stream.counters().get(RowCounter.WRITES),
                    String.format(Locale.ROOT, "%.2f", stream.counters().get(RowCounter.AGE_NS) / NS_PER_MS)));
            if (!stream.reason().isEmpty()) {
                lines.add("       " + Printable.of(stream.reason()));
            }
        }
        return lines;
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

    private static String row(Object... columns) {
        return String.format(Locale.ROOT, FORMAT, columns).stripTrailing();
    }
}
