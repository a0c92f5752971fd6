package org.shmrt.bench.determinism;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One line of the report: a figure of each pair of runs, and its target.
 *
 * @param key its JSON key
 * @param title what it is
 * @param values one for each pair, for example Java's time divided by C's; empty if it was not measured
 * @param java the time in Java in ns, the median over the pairs, if the values are ratios of times
 * @param other the time of the other program in ns
 * @param target the value must not be above it
 * @param judge which of the values must meet the target
 * @param remark why there are no values, or how they were computed; may be empty
 */
record Row(
        String key,
        String title,
        List<Double> values,
        OptionalDouble java,
        OptionalDouble other,
        OptionalDouble target,
        Judge judge,
        String remark) {
    /** Which of the values the target is for. */
    enum Judge {
        MEDIAN,
        WORST
    }

    static Row ratio(String key, String title, List<Long> java, List<Long> other, OptionalDouble target) {
        double[] ratios = new double[Math.min(java.size(), other.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = (double) java.get(i) / Math.max(1, other.get(i));
        }
        return new Row(
                key,
                title,
                Arrays.stream(ratios).boxed().toList(),
                median(java.stream().mapToDouble(Long::doubleValue).toArray()),
                median(other.stream().mapToDouble(Long::doubleValue).toArray()),
                target,
                Judge.MEDIAN,
                ratios.length == 0 ? "no pair of runs was complete" : "");
    }

    static Row count(String key, String title, List<Long> values, OptionalDouble target, String remark) {
        return new Row(
                key,
                title,
                values.stream().map(Long::doubleValue).toList(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                target,
                Judge.WORST,
                remark);
    }

    static Row leftOut(String key, String title, OptionalDouble target, String reason) {
        return new Row(
                key, title, List.of(), OptionalDouble.empty(), OptionalDouble.empty(), target, Judge.WORST, reason);
    }

    private static OptionalDouble median(double[] values) {
        Arrays.sort(values);
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[values.length / 2]);
    }

    OptionalDouble median() {
        return median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    double min() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    double max() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** Whether the target is met; empty if there is no target or no value. */
    Optional<Boolean> isMet() {
        return target.isEmpty() || values.isEmpty()
                ? Optional.empty()
                : Optional.of((judge == Judge.MEDIAN ? median().orElseThrow() : max()) <= target.getAsDouble());
    }

    /** One line of the table. */
    String line() {
        if (values.isEmpty()) {
            return String.format(Locale.ROOT, "%-44s left out: %s", title, remark);
        }
        String line = String.format(
                Locale.ROOT,
                "%-44s %10s %10s %9.2f %8.2f %8.2f %7s %-6s %s",
                title,
                microseconds(java),
                microseconds(other),
                median().orElseThrow(),
                min(),
                max(),
                target.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", target.getAsDouble()),
                isMet().map(met -> met ? "met" : "MISSED").orElse(""),
                remark);
        return line.stripTrailing();
    }

    private static String microseconds(OptionalDouble ns) {
        return ns.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", ns.getAsDouble() / 1000);
    }
}
