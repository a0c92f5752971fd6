package org.shmrt.cli.relay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.service.RelayAddress;
import org.shmrt.relay.service.RelayClient;
import org.shmrt.relay.service.RelayProtocol;
import org.shmrt.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm relay list}. */
@Command(name = "list", description = "Lists the streams that a relay of another machine offers.")
final class RelayListCommand extends Verb {
    private static final String FORMAT = "%-24s %-6s %-12s %-10s %5s %8s";

    @Parameters(
            index = "0",
            arity = "0..1",
            defaultValue = "127.0.0.1",
            paramLabel = "HOST[:PORT]",
            description = "The machine. Default: 127.0.0.1.")
    private String machine;

    @Option(names = "--dao", description = "The other machine runs DAO's daoShmNetd, on port 7710.")
    private boolean dao;

    @Option(names = "--json", description = "Print one line of JSON: items, an object for each stream.")
    private boolean json;

    @Mixin
    private LinkOptions link;

    @Override
    public Integer call() {
        RelayProtocol protocol = dao ? RelayProtocol.DAO : RelayProtocol.SHM;
        RelayAddress address = RelayAddress.parse(machine).withDefaultPort(protocol.port());
        if (!address.stream().isEmpty()) {
            throw wrongUsage(machine + ": give a machine only; shm relay get copies a stream");
        }
        List<StreamDescription> streams = RelayClient.list(address, protocol, link.key(), link.trust());
        if (json) {
            printJson(
                    Map.of("items", streams.stream().map(RelayListCommand::json).toList()));
            return ExitStatus.DONE;
        }
        if (!streams.isEmpty()) {
            print(row("NAME", "FORMAT", "SHAPE", "DTYPE", "DEPTH", "KEYWORDS"));
        }
        for (StreamDescription stream : streams) {
            print(row(
                    Printable.of(stream.name()),
                    Printable.of(stream.format()),
                    stream.shape(),
                    stream.type(),
                    stream.depth(),
                    stream.keywordCapacity()));
        }
        return ExitStatus.DONE;
    }

    private static Map<String, Object> json(StreamDescription stream) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", stream.name());
        values.put("kind", stream.format());
        values.put("dtype", stream.type().numpyName());
        values.put("shape", stream.shape().lengths());
        values.put("depth", stream.depth());
        return values;
    }

    private static String row(Object... columns) {
        return String.format(Locale.ROOT, FORMAT, columns).stripTrailing();
    }
}
