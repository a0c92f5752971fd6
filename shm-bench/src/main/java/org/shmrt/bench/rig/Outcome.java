package org.shmrt.bench.rig;

import java.util.ArrayList;
import java.util.List;

/**
 * The runs of one exchange: the k-th run of each side was made right before or after the k-th of the other.
 */
final class Outcome {
    private final Exchange exchange;
    private final long clockStepNs;
    private final List<Run> java = new ArrayList<>();
    private final List<Run> c = new ArrayList<>();

    Outcome(Exchange exchange, long clockStepNs) {
        this.exchange = exchange;
        this.clockStepNs = clockStepNs;
    }

    Exchange exchange() {
        return exchange;
    }

    List<Run> java() {
        return java;
    }

    List<Run> c() {
        return c;
    }

    /** Why runs failed. */
    List<String> failures() {
        List<String> failures = new ArrayList<>();
        addFailures("Java", java, failures);
        addFailures("C", c, failures);
        return failures;
    }

    private void addFailures(String side, List<Run> runs, List<String> failures) {
        for (int i = 0; i < runs.size(); i++) {
            if (!runs.get(i).isGood()) {
                failures.add(exchange + ", " + side + ", run " + (i + 1) + ": " + runs.get(i).failure());
            }
        }
    }

    /** Of each run's percentile the median. */
    double percentileNs(List<Run> runs, double percent) {
        return median(runs.stream().filter(Run::isGood).map(run -> percentileNs(run, percent)).toList());
    }

    double percentileNs(Run run, double percent) {
        return Percentiles.of(run.roundTrips(), percent, clockStepNs);
    }

    /** Of the Java runs the median of what a round trip allocates. */
    double allocatedBytes() {
        return median(java.stream().filter(Run::isGood).map(Run::allocatedBytes).toList());
    }

    /** The quotient of the medians of each pair of good runs, Java over C. */
    List<Double> ratios() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(java.size(), c.size()); i++) {
            if (java.get(i).isGood() && c.get(i).isGood()) {
                ratios.add(percentileNs(java.get(i), 50) / percentileNs(c.get(i), 50));
            }
        }
        return ratios;
    }

    /** The median of {@link #ratios()}; 0 if there is none. */
    double ratio() {
        return median(ratios());
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return 0;
        }
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
