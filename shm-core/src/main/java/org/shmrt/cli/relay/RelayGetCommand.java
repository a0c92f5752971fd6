package org.shmrt.cli.relay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.RelayLimits;
import org.shmrt.relay.Replica;
import org.shmrt.relay.ReplicaSettings;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.service.FrameRoute;
import org.shmrt.relay.service.RelayAddress;
import org.shmrt.relay.service.RelayProtocol;
import org.shmrt.relay.service.Subscriber;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm relay get}. */
@Command(
        name = "get",
        description = {
            "Keeps a local copy of a stream of another machine up to date, until Ctrl-C.",
            "The copy has the type, shape, counts, times and keywords of the original, and keywords NET_… that tell"
                    + " where its frames come from. It remains when this program ends."
        })
final class RelayGetCommand extends Verb {
    /** How long Ctrl-C waits for the summary. */
    private static final Duration SUMMARY = Duration.ofSeconds(4);

    @Parameters(
            index = "0",
            paramLabel = "HOST:STREAM",
            description = "The stream, for example rtc1:cam or rtc1:7720:cam.")
    private String source;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "LOCAL",
            converter = Converters.ToStreamPath.class,
            description = "Path or bare name of the copy. Default: the name of the stream.")
    private Path local;

    @Option(names = "--dao", description = "The other machine runs DAO's daoShmNetd, on port 7710.")
    private boolean dao;

    @Option(
            names = "--every",
            description = "Get every frame that the source still holds, not only the newest each time.")
    private boolean every;

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "Frames that the copy keeps. Default: as many as the original.")
    private Integer depth;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Converters.ToPermissions.class,
            description = "Permissions of a new copy in octal, for example 0660. Default: those of the format.")
    private Integer permissions;

    @Option(
            names = "--force",
            description = "Replace a local stream of this name that is not a copy of that machine's.")
    private boolean force;

    @Option(
            names = "--write-back",
            description = "Send frames that local programs write into the copy (shm write --to-owner) to the other"
                    + " machine, whose relay needs --allow-writes: the newest each time, or every one with --every.")
    private boolean writeBack;

    @Option(names = "--wait", description = "Wait for the other machine if it does not answer at the start.")
    private boolean patient;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Converters.ToNanoseconds.class,
            description = "Stop after this time, for example 10s.")
    private Long forNs;

    @Option(names = "--json", description = "Print the summary as one line of JSON.")
    private boolean json;

    @Option(
            names = "--multicast",
            description = "Get the frames by Aeron from the multicast group of the other machine. Its relay needs"
                    + " --multicast GROUP:PORT.")
    private boolean multicast;

    @Mixin
    private LinkOptions link;

    @Mixin
    private LinkOptions.Aeron aeron;

    @Override
    public Integer call() {
        RelayProtocol protocol = dao ? RelayProtocol.DAO : RelayProtocol.SHM;
        RelayAddress address = RelayAddress.parse(source).withDefaultPort(protocol.port());
        if (address.stream().isEmpty()) {
            throw wrongUsage(source + ": give a stream as HOST:STREAM, for example rtc1:cam");
        }
        if (dao && every) {
            throw wrongUsage("--every: DAO's protocol carries the newest frame only");
        }
        if (dao && (multicast || aeron.isGiven())) {
            throw wrongUsage("--dao: Aeron does not carry DAO's protocol; leave out --aeron and --multicast");
        }
        if (depth != null && (depth < 1 || depth > RelayLimits.MAX_DEPTH)) {
            throw wrongUsage("--depth " + depth + ": a copy keeps 1 to " + RelayLimits.MAX_DEPTH + " frames");
        }
        Delivery delivery = every ? Delivery.EVERY : Delivery.NEWEST;
        Path path = local == null ? StreamDirectory.resolve(address.stream()) : local;
        ReplicaSettings replica = new ReplicaSettings(
                path,
                address.host(),
                delivery,
                depth == null ? OptionalInt.empty() : OptionalInt.of(depth),
                permissions == null ? StreamSpec.FORMAT_PERMISSIONS : permissions,
                force ? ReplicaSettings.Existing.REPLACE : ReplicaSettings.Existing.KEEP,
                writeBack ? ReplicaSettings.WriteBack.TO_OWNER : ReplicaSettings.WriteBack.NONE);
        Subscriber.Settings settings = new Subscriber.Settings(
                address,
                protocol,
                delivery,
                LinkOptions.node(),
                link.key(),
                link.trust(),
                patient ? Subscriber.StartPolicy.WAIT : Subscriber.StartPolicy.FAIL,
                route());
        return get(settings, replica);
    }

    private FrameRoute route() {
        if (multicast) {
            return FrameRoute.GROUP;
        }
        return aeron.isGiven() ? FrameRoute.ENGINE : FrameRoute.CONNECTION;
    }

    private int get(Subscriber.Settings settings, ReplicaSettings local) {
        RelayAddress address = settings.source();
        String transport =
                dao ? "dao" : settings.route().transport(settings.key().isPresent());
        try (StopSignal signal = new StopSignal(SUMMARY);
                StatusPage page = StatusPage.create("gets " + address.stream() + " of " + address.host());
                StatusRow row = page.row(RowRole.RECEIVE, address.stream(), address.host(), transport)) {
            Optional<FrameEngine> engine = aeron.open(multicast, Optional.empty());
            long startNs = System.nanoTime();
            try (Replica replica = new Replica(local, row);
                    Subscriber subscriber = new Subscriber(settings, replica, row, engine, this::note)) {
                await(subscriber, signal);
            } finally {
                engine.ifPresent(FrameEngine::close);
            }
            report(local.path(), row, (System.nanoTime() - startNs) / 1e9);
        }
        return ExitStatus.DONE;
    }

    /** Runs the subscriber in a thread of its own, because an interrupt would close its socket within a frame. */
    private void await(Subscriber subscriber, StopSignal signal) {
        FutureTask<Boolean> run = new FutureTask<>(() -> {
            subscriber.run();
            return true;
        });
        Thread thread = Thread.ofPlatform().daemon().name("shm-relay-get").start(run);
        try {
            signal.allowInterrupt();
            run.get(forNs == null ? Long.MAX_VALUE : forNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException | TimeoutException e) {
            // Ctrl-C, or the end of --for, is the normal end
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e);
        } finally {
            signal.forbidInterrupt();
            subscriber.close();
            join(thread);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(SUMMARY.toMillis() / 2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void report(Path path, StatusRow row, double seconds) {
        long frames = row.value(RowCounter.FRAMES);
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("frames", frames);
            values.put("skipped", row.value(RowCounter.SKIPPED));
            values.put("lost", row.value(RowCounter.LOST));
            values.put("connects", row.value(RowCounter.CONNECTS));
            values.put("restarts", row.value(RowCounter.RESTARTS));
            values.put("writes", row.value(RowCounter.WRITES));
            values.put("writes_skipped", row.value(RowCounter.WRITES_SKIPPED));
            values.put("source_cnt0", Json.unsigned(row.value(RowCounter.SOURCE_COUNT)));
            values.put("seconds", seconds);
            values.put("rate_hz", frames / seconds);
            values.put("mb_per_s", row.value(RowCounter.BYTES) / seconds / 1e6);
            printJson(values);
            return;
        }
        print(FileNames.text(path) + ": " + Quantity.of(frames, "frame")
                + String.format(Locale.ROOT, " at %.1f Hz; ", frames / seconds)
                + row.value(RowCounter.SKIPPED) + " skipped, " + row.value(RowCounter.LOST) + " lost; connected "
                + Quantity.of(row.value(RowCounter.CONNECTS), "time")
                + (writeBack
                        ? "; " + Quantity.of(row.value(RowCounter.WRITES), "frame") + " written back, "
                                + row.value(RowCounter.WRITES_SKIPPED) + " skipped"
                        : "")
                + "; count is now "
                + Long.toUnsignedString(row.value(RowCounter.SOURCE_COUNT)));
    }
}
