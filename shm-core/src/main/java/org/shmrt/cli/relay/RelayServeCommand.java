package org.shmrt.cli.relay;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.relay.SourceWait;
import org.shmrt.relay.SourceWrites;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.MulticastGroup;
import org.shmrt.relay.service.Offer;
import org.shmrt.relay.service.RelayServer;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm relay serve}. */
@Command(
        name = "serve",
        description = {
            "Sends streams to other machines that ask for them, until Ctrl-C.",
            "It opens streams read-only unless --allow-writes is given, and listens on this machine only unless --bind"
                    + " and --key-file are given."
        })
final class RelayServeCommand extends Verb {
    private static final Duration LAST_LINE = Duration.ofSeconds(4);

    @Parameters(
            paramLabel = "STREAM|DIR",
            arity = "0..*",
            description = "Streams to offer, which need not exist yet, or one directory whose streams are offered.")
    private List<String> streams = List.of();

    @Option(names = "--all", description = "Offer all streams of the stream directory, also those that appear later.")
    private boolean all;

    @Option(
            names = "--bind",
            paramLabel = "ADDR",
            defaultValue = "127.0.0.1",
            description = "Address or host name to listen on. Any address other than 127.0.0.1 needs --key-file or"
                    + " --trust-network. Default: 127.0.0.1.")
    private String bind;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "" + RelayServer.PORT,
            description = "Port to listen on, 0 for any free one. Default: " + RelayServer.PORT + ".")
    private int port;

    @Option(
            names = "--dao-port",
            paramLabel = "P",
            arity = "0..1",
            fallbackValue = "" + RelayServer.DAO_PORT,
            description = "Also speak the protocol of DAO's daoShmNetd, on this port, " + RelayServer.DAO_PORT
                    + " if none is given. It has no key.")
    private Integer daoPort;

    @Option(
            names = "--name",
            paramLabel = "NODE",
            description = "Name of this machine for others. Default: its host name.")
    private String node;

    @Option(
            names = "--wait",
            paramLabel = "HOW",
            defaultValue = "idle",
            description = "How to wait for frames: idle polls with pauses, sem sleeps on a semaphore and needs write"
                    + " permission, spin polls without pause. Default: idle.")
    private SourceWait wait;

    @Option(
            names = "--allow-writes",
            description = "Publish frames that other machines send to be written (get --write-back, daoShmNetd).")
    private boolean allowWrites;

    @Option(
            names = "--multicast",
            paramLabel = "GROUP:PORT",
            description =
                    "Also send frames by Aeron to a multicast group, for example 239.255.77.21:7721: each frame once"
                            + " for all machines that use get --multicast.")
    private String group;

    @Mixin
    private LinkOptions link;

    @Mixin
    private LinkOptions.Aeron aeron;

    @Override
    public Integer call() {
        checkPort("--port", port, port);
        if (daoPort != null) {
            checkPort("--dao-port", daoPort, daoPort);
        }
        if (all != streams.isEmpty()) {
            throw wrongUsage(all ? "give --all, or streams" : "give streams, a directory, or --all");
        }
        Optional<MulticastGroup> multicast = Optional.ofNullable(group).map(MulticastGroup::parse);
        RelayServer.Settings settings = new RelayServer.Settings(
                offer(),
                node == null ? LinkOptions.node() : checkedNode(),
                bind,
                port,
                daoPort == null ? OptionalInt.empty() : OptionalInt.of(daoPort),
                link.key(),
                link.trust(),
                wait,
                allowWrites ? SourceWrites.ALLOWED : SourceWrites.REFUSED);
        try (StopSignal signal = new StopSignal(LAST_LINE);
                StatusPage page = StatusPage.create("serves " + settings.offer().description())) {
            Optional<FrameEngine> engine = aeron.open(multicast.isPresent(), multicast);
            try (RelayServer server = RelayServer.start(settings, page, engine, this::note)) {
                signal.runUntilReceived(() -> {
                    print("shm relay serve: listening on " + FrameEngine.hostText(bind) + ":" + server.port()
                            + (server.daoPort().isPresent()
                                    ? " and, for DAO, " + server.daoPort().getAsInt()
                                    : "")
                            + multicast.map(known -> ", multicast to " + known).orElse("")
                            + " for " + settings.offer().description()
                            + (allowWrites ? ", writes allowed" : ", read-only")
                            + (settings.key().isPresent() ? ", encrypted" : "") + "; Ctrl-C ends it");
                    StopSignal.sleepForever();
                });
            } finally {
                engine.ifPresent(FrameEngine::close);
            }
        }
        return ExitStatus.DONE;
    }

    private String checkedNode() {
        if (!node.matches("\\S{1,63}")) {
            throw wrongUsage("--name " + node + ": use 1 to 63 characters without blanks");
        }
        return node;
    }

    private Offer offer() {
        if (all) {
            return Offer.ofDirectory(StreamDirectory.get());
        }
        Path first = FileNames.parse(streams.get(0));
        if (streams.size() == 1 && Files.isDirectory(first)) {
            return Offer.ofDirectory(first);
        }
        return Offer.ofStreams(expectedStreams(streams));
    }
}
