package org.shmrt.bench.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.bench.rig.process.CPeerPair;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.process.JavaPeerPair;
import org.shmrt.bench.rig.process.PeerPair;
import org.shmrt.bench.rig.process.RealLibraries;
import org.shmrt.bench.rig.process.RigFiles;
import org.shmrt.bench.rig.process.Run;
import org.shmrt.bench.rig.report.Outcome;
import org.shmrt.bench.rig.report.Percentiles;
import org.shmrt.bench.rig.scenario.Plan;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.bench.rig.scenario.ScenarioPaths;
import org.shmrt.error.ShmException;
import org.shmrt.process.ChildProcessException;

/**
 * Executes a plan: for each group of scenarios it creates the files, starts the processes and interleaves their runs. A
 * failure affects only its own scenario. Closing kills all processes and removes all files; any thread can do it, so
 * that Ctrl-C leaves nothing behind.
 */
final class Measurement implements AutoCloseable {
    /** The part of a run that is not measured, because the caches still hold the data of the previous run. */
    private static final double UNMEASURED_SHARE = 0.05;
    /** A warm-up of the planned duration consists of this many runs. */
    private static final int WARMUP_RUNS = 5;
    /** A warm-up takes at most this many times its planned duration. */
    private static final int MAX_WARMUPS = 3;
    /** The JIT compiler counts calls, not time. */
    private static final long MIN_WARMUP_MESSAGES = 20_000;
    /** The code still gets faster if a run of the warm-up takes less than this share of the previous one. */
    private static final double STILL_FASTER = 0.95;

    static final String NO_COMPILER = "no C compiler (cc) in the PATH, or --no-c";

    private final Plan plan;
    private final List<Integer> cores;
    private final List<String> jvmArguments;
    private final Consumer<String> progress;
    private final long clockStepNs = Percentiles.clockStepNs();
    private final Optional<CPrograms> programs;
    /** Why there are no C programs. */
    private final String withoutC;

    private final List<AutoCloseable> open = new ArrayList<>();
    private boolean closed;

    /**
     * Compiles the C programs.
     *
     * @param cores those of the initiator and of the echo
     * @param jvmArguments for the measured JVMs
     * @param compiler C compiler, or empty to leave the C programs out
     * @param progress receives a line before each group
     */
    Measurement(
            Plan plan,
            List<Integer> cores,
            List<String> jvmArguments,
            Optional<Path> compiler,
            Consumer<String> progress) {
        this.plan = plan;
        this.cores = cores;
        this.jvmArguments = jvmArguments;
        this.progress = progress;
        Optional<CPrograms> compiled = Optional.empty();
        String reason = NO_COMPILER;
        if (compiler.isPresent()) {
            try {
                compiled = Optional.of(CPrograms.compile(compiler.get()));
            } catch (IOException e) {
                reason = e.getMessage();
            }
        }
        programs = compiled;
        withoutC = reason;
    }

    /** Version and flags of the C compiler, or why there are no C programs. */
    String compilerText() {
        return programs.map(CPrograms::description).orElse("C is left out: " + withoutC);
    }

    long clockStepNs() {
        return clockStepNs;
    }

    /**
     * Measures.
     *
     * @throws CancellationException if another thread closed it in the meantime
     */
    List<Outcome> run() {
        Budget budget = new Budget(plan);
        List<Outcome> outcomes = new ArrayList<>();
        for (List<Scenario> group : plan.groups()) {
            List<Outcome> groupOutcomes = group.stream()
                    .map(scenario -> new Outcome(scenario, clockStepNs))
                    .toList();
            outcomes.addAll(groupOutcomes);
            progress.accept(budget.begin(group.getFirst().group(), group.size()));
            try {
                measure(groupOutcomes, budget);
            } finally {
                closeOpen();
            }
        }
        return outcomes;
    }

    private void measure(List<Outcome> outcomes, Budget budget) {
        RigFiles files;
        try {
            List<Scenario> scenarios = outcomes.stream().map(Outcome::scenario).toList();
            files = register(new RigFiles(TemporaryStream.memoryDirectory(), plan.layout(), scenarios));
        } catch (ShmException | UncheckedIOException e) {
            outcomes.forEach(outcome -> outcome.runs().add(Run.failed(e.getMessage())));
            return;
        }
        List<Prepared> all = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            Optional<String> skipReason =
                    budget.isSpent() ? Optional.of(budget.reason()) : skipReason(outcome.scenario());
            if (skipReason.isPresent()) {
                outcome.skip(skipReason.get());
            } else {
                prepare(outcome, files.paths(), budget).ifPresent(all::add);
            }
        }
        // at least one pair, or else the warm-up would have been in vain
        for (int pair = 0; pair < plan.pairs() && (pair == 0 || !budget.isGroupSpent()); pair++) {
            for (Prepared prepared : all) {
                prepared.run();
                checkOpen();
            }
        }
    }

    private Optional<String> skipReason(Scenario scenario) {
        return scenario.transport().isC() && programs.isEmpty()
                ? Optional.of(withoutC)
                : RealLibraries.missing(scenario.transport());
    }

    /** A scenario whose processes are running and warm, and the number of messages of one run. */
    private record Prepared(Outcome outcome, PeerPair peers, long count) {
        void run() {
            outcome.runs()
                    .add(peers.run(
                            (long) (count * UNMEASURED_SHARE),
                            count,
                            outcome.scenario().periodNs()));
        }
    }

    /** Starts the processes and warms them up; empty if that fails, which the outcome reports. */
    private Optional<Prepared> prepare(Outcome outcome, ScenarioPaths paths, Budget budget) {
        Scenario scenario = outcome.scenario();
        Run first;
        PeerPair peers;
        try {
            peers = register(start(scenario, paths));
            first = peers.run(0, scenario.minCount(), 0);
            if (first.isGood() && peers.needsWarmup()) {
                first = warmUp(scenario, peers, first, budget);
            }
        } catch (ChildProcessException e) {
            checkOpen();
            outcome.runs().add(warmupFailure(e.getMessage()));
            return Optional.empty();
        }
        checkOpen();
        if (first.failure().isPresent()) {
            outcome.runs().add(warmupFailure(first.failure().get()));
            return Optional.empty();
        }
        long periodNs = scenario.periodNs();
        return Optional.of(new Prepared(
                outcome,
                peers,
                periodNs > 0 ? Math.max(1, plan.runNs() / periodNs) : countFor(scenario, plan.runNs(), first)));
    }

    private PeerPair start(Scenario scenario, ScenarioPaths paths) {
        return scenario.transport().isC()
                ? new CPeerPair(
                        scenario, programs.orElseThrow(), paths, plan.layout(), cores, jvmArguments, plan.silenceNs())
                : new JavaPeerPair(scenario, paths, cores, jvmArguments, plan.silenceNs());
    }

    private static Run warmupFailure(String reason) {
        return Run.failed("failed during the warm-up: " + reason);
    }

    /** Runs until the minimum time and number of messages are reached and the code gets no faster, within limits. */
    private Run warmUp(Scenario scenario, PeerPair peers, Run start, Budget budget) {
        long startNs = System.nanoTime();
        double previousNs;
        long messages = 0;
        Run last = start;
        do {
            previousNs = Percentiles.of(last.roundTrips(), 50, clockStepNs);
            last = peers.run(0, countFor(scenario, plan.warmupNs() / WARMUP_RUNS, last), 0);
            messages += last.messages();
        } while (last.isGood()
                && !budget.isGroupSpent()
                && !isWarm(
                        System.nanoTime() - startNs,
                        messages,
                        previousNs,
                        Percentiles.of(last.roundTrips(), 50, clockStepNs)));
        return last;
    }

    private boolean isWarm(long spentNs, long messages, double previousNs, double lastNs) {
        return spentNs >= MAX_WARMUPS * plan.warmupNs()
                || (spentNs >= plan.warmupNs()
                        && messages >= MIN_WARMUP_MESSAGES
                        && lastNs > previousNs * STILL_FASTER);
    }

    /** The number of messages that takes a given time, judging by an earlier run. */
    private long countFor(Scenario scenario, long timeNs, Run earlier) {
        // the mean, not the median: on a busy machine most of the time passes while one process is not running
        long fitting = timeNs / Math.max(1, (long) earlier.roundTrips().getMean());
        return Math.min(scenario.maxCount(), Math.max(scenario.minCount(), fitting));
    }

    private <T extends AutoCloseable> T register(T resource) {
        synchronized (open) {
            open.add(resource);
        }
        checkOpen();
        return resource;
    }

    private void checkOpen() {
        synchronized (open) {
            if (closed) {
                closeOpen();
                throw new CancellationException("the measurement was interrupted");
            }
        }
    }

    /** Processes first, then their files. */
    private void closeOpen() {
        synchronized (open) {
            for (AutoCloseable resource : open.reversed()) {
                try {
                    resource.close();
                } catch (Exception e) {
                    System.err.println("latency: cannot clean up: " + e.getMessage());
                }
            }
            open.clear();
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            if (closed) {
                return;
            }
            closed = true;
            closeOpen();
            programs.ifPresent(CPrograms::close);
        }
    }
}
