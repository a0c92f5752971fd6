package org.shmrt.bench.rig.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.shmrt.bench.rig.process.Run;
import org.shmrt.bench.rig.process.RunCounters;
import org.shmrt.bench.rig.scenario.Scenario;

/**
 * The runs of one scenario. The k-th run of a scenario is adjacent in time to the k-th runs of the scenarios that it is
 * compared with.
 */
public final class Outcome {
    private final Scenario scenario;
    private final long clockStepNs;
    private final List<Run> runs = new ArrayList<>();
    private Optional<String> skipReason = Optional.empty();

    /**
     * Without runs so far.
     *
     * @param clockStepNs resolution of the clock
     */
    public Outcome(Scenario scenario, long clockStepNs) {
        this.scenario = scenario;
        this.clockStepNs = clockStepNs;
    }

    public Scenario scenario() {
        return scenario;
    }

    public List<Run> runs() {
        return runs;
    }

    /** Leaves the scenario out for a reason that is not a failure, for example a missing compiler. */
    public void skip(String reason) {
        skipReason = Optional.of(reason);
    }

    /** Why there are no runs, if the scenario was left out. */
    public Optional<String> skipReason() {
        return skipReason;
    }

    /** The failures of its runs, one line each. */
    public List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            String run = scenario + ", run " + (i + 1) + ": ";
            runs.get(i).failure().ifPresent(reason -> failures.add(run + reason));
        }
        return failures;
    }

    public List<Run> goodRuns() {
        return runs.stream().filter(Run::isGood).toList();
    }

    /** The times of all good runs. */
    public Histogram all() {
        Histogram all = RunCounters.newHistogram();
        goodRuns().forEach(run -> all.add(run.roundTrips()));
        return all;
    }

    /** The median over the good runs of a percentile. */
    double percentileNs(double percent) {
        return median(goodRuns().stream().map(run -> percentileNs(run, percent)).toList());
    }

    double minP50Ns() {
        return goodRuns().stream()
                .mapToDouble(run -> percentileNs(run, 50))
                .min()
                .orElse(0);
    }

    double maxP50Ns() {
        return goodRuns().stream()
                .mapToDouble(run -> percentileNs(run, 50))
                .max()
                .orElse(0);
    }

    double percentileNs(Run run, double percent) {
        return Percentiles.of(run.roundTrips(), percent, clockStepNs);
    }

    /** The median over the good runs of the heap memory that both processes allocate per round trip. */
    double allocatedBytes() {
        return median(goodRuns().stream().map(Run::allocatedBytes).toList());
    }

    /** The median, 0 without values. */
    public static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return 0;
        }
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    @Override
    public String toString() {
        return scenario.id();
    }
}
