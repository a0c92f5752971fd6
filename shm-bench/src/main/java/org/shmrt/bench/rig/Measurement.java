package org.shmrt.bench.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.shmrt.bench.TemporaryStream;

/**
 * Runs a plan: makes the files, starts the processes, lets the sides take turns. Closing ends all processes and
 * removes all files, from any thread, so that Ctrl-C leaves nothing behind.
 */
final class Measurement implements AutoCloseable {
    /** Part of a run that is not measured: the caches still hold what the other side left. */
    private static final double UNMEASURED = 0.05;

    private final Plan plan;
    private final Consumer<String> progress;
    private final long clockStepNs = Percentiles.clockStepNs();
    private final RigFiles files;
    private final CPrograms programs;
    private final Side java;
    private final Side c;
    private final String noC;
    private volatile boolean closed;

    /**
     * Makes everything ready.
     *
     * @param cores the initiator's and the echo's
     * @param jvmArguments for the two JVMs
     * @param compiler C compiler, or empty to leave C out
     * @param progress is told what happens
     */
    Measurement(Plan plan, List<Integer> cores, List<String> jvmArguments, Optional<Path> compiler,
            Consumer<String> progress) throws IOException {
        this.plan = plan;
        this.progress = progress;
        files = new RigFiles(TemporaryStream.memoryDirectory());
        CPrograms compiled = null;
        String whyNot = "there is no C compiler (cc) on this machine";
        try {
            if (compiler.isPresent()) {
                try {
                    compiled = CPrograms.compile(compiler.get());
                } catch (IOException e) {
                    whyNot = e.getMessage();
                }
            }
            java = new JavaSide(files.paths(), cores, jvmArguments, plan.silenceNs());
        } catch (IOException | RuntimeException e) {
            if (compiled != null) {
                compiled.close();
            }
            files.close();
            throw e;
        }
        programs = compiled;
        c = compiled == null ? null : new CSide(compiled, files.paths(), cores, plan.silenceNs());
        noC = compiled == null ? whyNot : null;
    }

    /** Why there is no C side, or null. */
    String noC() {
        return noC;
    }

    /** What compiled the C side, or null. */
    String compilerText() {
        return programs == null ? null : programs.description();
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
        List<Side> sides = c == null ? List.of(java) : List.of(java, c);
        Map<Exchange, Long> javaCounts = new EnumMap<>(Exchange.class);
        Map<Exchange, Long> cCounts = new EnumMap<>(Exchange.class);
        for (Side side : sides) {
            // Twice through all: what the compiler assumed of the first exchange may not hold for the next.
            for (int pass = 0; pass < (side.needsWarmup() ? 2 : 1); pass++) {
                for (Exchange exchange : plan.exchanges()) {
                    progress.accept("warming up " + side.name() + ", " + exchange);
                    (side == java ? javaCounts : cCounts).put(exchange, prepare(side, exchange));
                }
            }
        }
        List<Outcome> outcomes = plan.exchanges().stream().map(e -> new Outcome(e, clockStepNs)).toList();
        for (int pair = 0; pair < plan.pairs(); pair++) {
            for (Outcome outcome : outcomes) {
                for (Side side : sides) {
                    Exchange exchange = outcome.exchange();
                    progress.accept("run " + (pair + 1) + " of " + plan.pairs() + ", " + side.name() + ", " + exchange);
                    long count = (side == java ? javaCounts : cCounts).get(exchange);
                    Run run = count == 0 ? Run.failed("it failed while it warmed up")
                            : side.run(exchange, (long) (count * UNMEASURED), count);
                    checkOpen();
                    (side == java ? outcome.java() : outcome.c()).add(run);
                }
            }
        }
        return outcomes;
    }

    /** Warms a side up, and finds how many messages fill a run; 0 if it fails. */
    private long prepare(Side side, Exchange exchange) {
        Run first = side.run(exchange, plan.leastCount(), plan.leastCount());
        if (first.isGood() && side.needsWarmup()) {
            first = side.run(exchange, countFor(plan.warmupNs() / 2, first), plan.leastCount());
        }
        checkOpen();
        if (!first.isGood()) {
            progress.accept(first.failure());
            return 0;
        }
        return countFor(plan.runNs(), first);
    }

    private void checkOpen() {
        if (closed) {
            throw new CancellationException("the measurement was broken off");
        }
    }

    private long countFor(long timeNs, Run likeThat) {
        // The mean, not the median: on a busy machine most of the time goes by while one of the two does not run.
        return Math.max(plan.leastCount(), timeNs / Math.max(1, (long) likeThat.roundTrips().getMean()));
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        List<AutoCloseable> all = new ArrayList<>();
        all.add(java);
        if (c != null) {
            all.add(c);
            all.add(programs);
        }
        all.add(files);
        for (AutoCloseable one : all) {
            try {
                one.close();
            } catch (UncheckedIOException e) {
                System.err.println("cannot clear up: " + e.getMessage());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
