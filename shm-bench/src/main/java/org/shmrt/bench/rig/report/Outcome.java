package org.shmrt.bench.rig.report;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.shmrt.bench.rig.scenario.Scenario;

/**
 * The runs of one exchange. The k-th run of an exchange was made right before or after the k-th of those it is
 * compared with.
 */
public final class Outcome {
    private final Scenario exchange;
    private final long clockStepNs;
    private final List<Run> runs = new ArrayList<>();
    private String skipped;

    public Outcome(Scenario exchange, long clockStepNs) {
        this.exchange = exchange;
        this.clockStepNs = clockStepNs;
    }

    public Scenario exchange() {
        return exchange;
    }

    public List<Run> runs() {
        return runs;
    }

    /** Leaves it out for a reason which is no failure, such as a compiler that is not there. */
    public void skip(String why) {
        skipped = why;
    }

    /** Why there are no runs, or null. */
    public String skipped() {
        return skipped;
    }

    /** Why runs failed. */
    public List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            if (!runs.get(i).isGood()) {
                failures.add(exchange + ", run " + (i + 1) + ": " + runs.get(i).failure());
            }
        }
        return failures;
    }

    public List<Run> goodRuns() {
        return runs.stream().filter(Run::isGood).toList();
    }

    /** The times of all good runs together. */
    public Histogram all() {
        Histogram all = RunCounters.newHistogram();
        goodRuns().forEach(run -> all.add(run.roundTrips()));
        return all;
    }

    /** Of each good run's percentile the median. */
    double percentileNs(double percent) {
        return median(goodRuns().stream().map(run -> percentileNs(run, percent)).toList());
    }

    double leastP50Ns() {
        return goodRuns().stream()
                .mapToDouble(run -> percentileNs(run, 50))
                .min()
                .orElse(0);
    }

    double greatestP50Ns() {
        return goodRuns().stream()
                .mapToDouble(run -> percentileNs(run, 50))
                .max()
                .orElse(0);
    }

    double percentileNs(Run run, double percent) {
        return Percentiles.of(run.roundTrips(), percent, clockStepNs);
    }

    /** Of the good runs the median of what a round trip allocates at both ends together. */
    double allocatedBytes() {
        return median(goodRuns().stream().map(Run::allocatedBytes).toList());
    }

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
        return exchange.word();
    }
}
