package org.shmrt.bench.relay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.shmrt.bench.BenchCommand;
import org.shmrt.bench.relay.Copying.Result;
import org.shmrt.bench.relay.Copying.Transport;
import org.shmrt.bench.report.Report;
import org.shmrt.bench.report.ReportOptions;
import org.shmrt.bench.report.Row;
import org.shmrt.bench.report.RunOptions;
import org.shmrt.bench.rig.report.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command line of the relay benchmark. */
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        description = {
            "Copies frames of 480 x 640 u16 over the loopback interface by shm relay, over TCP, in DAO's protocol and"
                    + " by Aeron, and by the simplest loop over TCP.",
            "Give it an idle machine. On two cores the writer, the reader, the two relays and Aeron's drivers share"
                    + " them."
        })
public final class RelayBench implements Callable<Integer> {
    private static final double RATE_HZ = 1000;
    private static final double AERON_RATE_HZ = 500;
    private static final double RATE_TARGET = 0.9;
    private static final double AGE_TARGET = 1.3;
    private static final double LOOP_TARGET = 1.05;
    /** With fewer steps the p99.9 of two runs of the same loop differs by more than the target. */
    private static final int LOOP_RUNS = 4;

    private static final String INTRODUCTION = """
        # Copies on another machine

        The programs of a row ran alternately. A figure is the quotient of what shm relay and the bare copy loop reached
        in the same pair of runs: the median over the pairs, the minimum and the maximum. An age is the time from the
        acquisition of a frame to its reading in the copy. The rate by Aeron is compared with that of the source. The
        control loop runs at 1 kHz on the last processor, which it has for itself, and is compared with itself while
        nothing is copied. Its runs take four times as long as the others, because one step in a thousand decides p99.9.
        """;

    @Mixin
    private RunOptions run;

    @Mixin
    private ReportOptions output;

    private RelayBench() {}

    /**
     * Runs the benchmark.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return BenchCommand.of(new RelayBench());
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        run.check();
        double busyBefore = Machine.busyProcessors();
        Map<Transport, List<Result>> results = new EnumMap<>(Transport.class);
        for (int pair = 0; pair < run.pairs(); pair++) {
            System.err.println("relay: pair " + (pair + 1) + " of " + run.pairs());
            for (Transport transport : Transport.values()) {
                try (Copying copying = new Copying(transport)) {
                    results.computeIfAbsent(transport, key -> new ArrayList<>())
                            .add(copying.run(transport == Transport.AERON ? AERON_RATE_HZ : RATE_HZ, run.seconds()));
                }
            }
        }
        List<Long> relayed = new ArrayList<>();
        List<Long> alone = new ArrayList<>();
        String remark;
        try (RelayedLoop loop = new RelayedLoop()) {
            remark = loop.remark();
            for (int pair = 0; pair < run.pairs(); pair++) {
                System.err.println("relay: loop " + (pair + 1) + " of " + run.pairs());
                alone.add(loop.alone(LOOP_RUNS * run.seconds()));
                relayed.add(loop.relayed(LOOP_RUNS * run.seconds()));
            }
        }
        Map<String, String> facts = run.facts(Map.of(), busyBefore);
        Set<String> notes = new LinkedHashSet<>();
        results.get(Transport.AERON)
                .forEach(result -> notes.add(String.format(
                        Locale.ROOT,
                        "age by Aeron at 500 Hz: p50 %.2f ms, p99 %.2f ms",
                        result.ageP50Ns() / 1e6,
                        result.ageP99Ns() / 1e6)));
        output.publish(new Report("relay", INTRODUCTION, rows(results, relayed, alone, remark), notes, facts));
        return 0;
    }

    private static List<Row> rows(
            Map<Transport, List<Result>> results, List<Long> relayed, List<Long> alone, String remark) {
        List<Row> rows = new ArrayList<>();
        rows.add(rate(results, "tcp_rate", "rate over TCP, against a bare loop", Transport.TCP));
        rows.add(age(results, "tcp_age", "age over TCP, p50", Transport.TCP, Result::ageP50Ns));
        rows.add(age(results, "tcp_age_p99", "age over TCP, p99", Transport.TCP, Result::ageP99Ns));
        rows.add(rate(results, "dao_rate", "rate in DAO's protocol", Transport.DAO));
        rows.add(age(results, "dao_age", "age in DAO's protocol, p50", Transport.DAO, Result::ageP50Ns));
        rows.add(Row.ratio(
                        "loop_p999",
                        "p99.9 of a control loop with a relay, against without",
                        relayed,
                        alone,
                        Row.Unit.NANOSECONDS,
                        OptionalDouble.of(LOOP_TARGET),
                        Row.Bound.AT_MOST)
                .remarked(remark));
        List<Long> nominal = results.get(Transport.AERON).stream()
                .map(result -> (long) (AERON_RATE_HZ * 1e6))
                .toList();
        rows.add(Row.ratio(
                "aeron_rate",
                "rate by Aeron, against the source's 500 Hz",
                values(results, Transport.AERON, Result::microHertz),
                nominal,
                Row.Unit.MICROHERTZ,
                OptionalDouble.of(RATE_TARGET),
                Row.Bound.AT_LEAST));
        return rows;
    }

    private static List<Long> values(
            Map<Transport, List<Result>> results, Transport transport, ToLongFunction<Result> figure) {
        return results.get(transport).stream().map(figure::applyAsLong).toList();
    }

    private static Row rate(Map<Transport, List<Result>> results, String key, String title, Transport transport) {
        return Row.ratio(
                key,
                title,
                values(results, transport, Result::microHertz),
                values(results, Transport.BARE, Result::microHertz),
                Row.Unit.MICROHERTZ,
                OptionalDouble.of(RATE_TARGET),
                Row.Bound.AT_LEAST);
    }

    private static Row age(
            Map<Transport, List<Result>> results,
            String key,
            String title,
            Transport transport,
            ToLongFunction<Result> figure) {
        return Row.ratio(
                key,
                title,
                values(results, transport, figure),
                values(results, Transport.BARE, figure),
                Row.Unit.NANOSECONDS,
                key.equals("tcp_age") ? OptionalDouble.of(AGE_TARGET) : OptionalDouble.empty(),
                Row.Bound.AT_MOST);
    }
}
