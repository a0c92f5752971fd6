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
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.process.CSide;
import org.shmrt.bench.rig.process.JavaSide;
import org.shmrt.bench.rig.process.PeerPair;
import org.shmrt.bench.rig.process.RealLibraries;
import org.shmrt.bench.rig.process.RigFiles;
import org.shmrt.bench.rig.report.Outcome;
import org.shmrt.bench.rig.report.Percentiles;
import org.shmrt.bench.rig.report.Run;
import org.shmrt.bench.rig.scenario.Budget;
import org.shmrt.bench.rig.scenario.Plan;
import org.shmrt.bench.rig.scenario.Scenario;
import org.shmrt.bench.rig.scenario.Transport;
import org.shmrt.error.ShmException;
import org.shmrt.process.ChildProcessException;

/**
 * Runs a plan: for each group of exchanges it makes the files, starts the processes and lets them take turns. What
 * fails takes nothing else down. Closing ends all processes and removes all files, from any thread, so that Ctrl-C
 * leaves nothing behind.
 */
final class Measurement implements AutoCloseable {
    /** Part of a run that is not measured: the caches still hold what the one before it left. */
    private static final double UNMEASURED = 0.05;
    /** Parts of a warm-up. */
    private static final int WARMUP_RUNS = 5;
    /** A warm-up takes so many times as long as planned at most. */
    private static final int MOST_WARMUPS = 3;
    /** The compiler counts calls, not time. */
    private static final long WARM_MESSAGES = 20_000;
    /** A part of the warm-up shorter than the one before by less than this is no faster. */
    private static final double STILL_FASTER = 0.95;

    private final Plan plan;
    private final List<Integer> cores;
    private final List<String> jvmArguments;
    private final Consumer<String> progress;
    private final long clockStepNs = Percentiles.clockStepNs();
    private final CPrograms programs;
    private final String noC;
    private final List<AutoCloseable> open = new ArrayList<>();
    private boolean closed;

    /**
     * Makes everything ready.
     *
     * @param cores the initiator's and the echo's
     * @param jvmArguments for the JVMs measured
     * @param compiler C compiler, or empty to leave C out
     * @param progress is told what is begun
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
        CPrograms compiled = null;
        String whyNot = "no C compiler (cc) is used, or there is none on this machine";
        if (compiler.isPresent()) {
            try {
                compiled = CPrograms.compile(compiler.get());
            } catch (IOException e) {
                whyNot = e.getMessage();
            }
        }
        programs = compiled;
        noC = compiled == null ? whyNot : null;
    }

    /** What compiled the C programs, or why there are none. */
    String compilerText() {
        return programs == null ? "C is left out: " + noC : programs.description();
    }

    long clockStepNs() {
        return clockStepNs;
    }

    /**
     * Measures.
     *
     * @throws CancellationException if it was closed meanwhile
     */
    List<Outcome> run() {
        Budget budget = new Budget(plan);
        List<Outcome> outcomes = new ArrayList<>();
        for (List<Scenario> group : plan.groups()) {
            List<Outcome> itsOutcomes = group.stream()
                    .map(exchange -> new Outcome(exchange, clockStepNs))
                    .toList();
            outcomes.addAll(itsOutcomes);
            progress.accept(budget.begin(itsOutcomes));
            try {
                measure(itsOutcomes, budget);
            } finally {
                closeOpen();
            }
        }
        return outcomes;
    }

    private void measure(List<Outcome> outcomes, Budget budget) {
        RigFiles files;
        try {
            List<Scenario> exchanges = outcomes.stream().map(Outcome::exchange).toList();
            files = register(new RigFiles(TemporaryStream.memoryDirectory(), plan.layout(), exchanges));
        } catch (ShmException | UncheckedIOException e) {
            outcomes.forEach(outcome -> outcome.runs().add(Run.failed(e.getMessage())));
            return;
        }
        List<Contestant> contestants = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            String whyNot = budget.isSpent()
                    ? budget.reason()
                    : whyNot(outcome.exchange().kind());
            if (whyNot != null) {
                outcome.skip(whyNot);
                continue;
            }
            Contestant contestant = prepare(outcome, files.paths(), budget);
            if (contestant != null) {
                contestants.add(contestant);
            }
        }
        // One pair at least: to have warmed up for nothing would be the greater waste.
        for (int pair = 0; pair < plan.pairs() && (pair == 0 || !budget.isGroupSpent()); pair++) {
            for (Contestant contestant : contestants) {
                Outcome outcome = contestant.outcome;
                outcome.runs()
                        .add(contestant.side.run(
                                (long) (contestant.count * UNMEASURED),
                                contestant.count,
                                outcome.exchange().periodNs()));
                checkOpen();
            }
        }
    }

    private String whyNot(Transport kind) {
        return kind.isC() && programs == null ? noC : RealLibraries.whyNot(kind);
    }

    /** One of those that take turns, and how many messages fill its run. */
    private record Contestant(Outcome outcome, PeerPair side, long count) {}

    /** Starts and warms up; null if that fails, which the outcome says. */
    private Contestant prepare(Outcome outcome, RigFiles.Paths paths, Budget budget) {
        Scenario exchange = outcome.exchange();
        Run first;
        PeerPair side = null;
        try {
            side = register(
                    exchange.kind().isC()
                            ? new CSide(exchange, programs, paths, plan.layout(), cores, jvmArguments, plan.silenceNs())
                            : new JavaSide(exchange, paths, cores, jvmArguments, plan.silenceNs()));
            first = side.run(0, exchange.leastCount(), 0);
            if (first.isGood() && side.needsWarmup()) {
                first = warmUp(exchange, side, first, budget);
            }
        } catch (ChildProcessException e) {
            first = Run.failed(e.getMessage());
        }
        checkOpen();
        if (!first.isGood()) {
            outcome.runs().add(Run.failed("it failed while it warmed up: " + first.failure()));
            return null;
        }
        long periodNs = exchange.periodNs();
        return new Contestant(
                outcome,
                side,
                periodNs > 0 ? Math.max(1, plan.runNs() / periodNs) : countFor(exchange, plan.runNs(), first));
    }

    /** Until it has run as long and as often as it takes and gets no faster, or far longer. */
    private Run warmUp(Scenario exchange, PeerPair side, Run start, Budget budget) {
        long startNs = System.nanoTime();
        double before;
        long messages = 0;
        Run last = start;
        do {
            before = Percentiles.of(last.roundTrips(), 50, clockStepNs);
            last = side.run(0, countFor(exchange, plan.warmupNs() / WARMUP_RUNS, last), 0);
            messages += last.messages();
        } while (last.isGood()
                && !budget.isGroupSpent()
                && !isWarm(
                        System.nanoTime() - startNs,
                        messages,
                        before,
                        Percentiles.of(last.roundTrips(), 50, clockStepNs)));
        return last;
    }

    private boolean isWarm(long spentNs, long messages, double beforeNs, double nowNs) {
        return spentNs >= MOST_WARMUPS * plan.warmupNs()
                || spentNs >= plan.warmupNs() && messages >= WARM_MESSAGES && nowNs > beforeNs * STILL_FASTER;
    }

    private long countFor(Scenario exchange, long timeNs, Run likeThat) {
        // The mean, not the median: on a busy machine most of the time goes by while one of the two does not run.
        long fits = timeNs / Math.max(1, (long) likeThat.roundTrips().getMean());
        return Math.min(exchange.mostCount(), Math.max(exchange.leastCount(), fits));
    }

    private <T extends AutoCloseable> T register(T one) {
        synchronized (open) {
            open.add(one);
        }
        checkOpen();
        return one;
    }

    private void checkOpen() {
        synchronized (open) {
            if (closed) {
                closeOpen();
                throw new CancellationException("the measurement was broken off");
            }
        }
    }

    /** Processes first, then their files. */
    private void closeOpen() {
        synchronized (open) {
            for (AutoCloseable one : open.reversed()) {
                try {
                    one.close();
                } catch (Exception e) {
                    System.err.println("cannot clear up: " + e.getMessage());
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
            if (programs != null) {
                programs.close();
            }
        }
    }
}
