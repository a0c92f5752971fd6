package org.shmrt.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One line of the report: a figure of each pair of runs, and its target.
 *
 * @param key its JSON key
 * @param title what it is
 * @param values one for each pair, for example Java's time divided by C's; empty if it was not measured
 * @param java what was measured in Java, the median over the pairs, if the values are ratios
 * @param other the same of the other program
 * @param unit the unit of both
 * @param target the limit of the values
 * @param bound on which side of the target they must be
 * @param judge which of the values must meet the target
 * @param remark why there are no values, or how they were computed; may be empty
 */
public record Row(
        String key,
        String title,
        List<Double> values,
        OptionalDouble java,
        OptionalDouble other,
        Unit unit,
        OptionalDouble target,
        Bound bound,
        Judge judge,
        String remark) {
    /** The unit of the measured quantities. */
    public enum Unit {
        NANOSECONDS("ns", 1e-3, "us"),
        BYTES("bytes", 1, "B"),
        BYTES_PER_SECOND("bytes_per_s", 1e-6, "MB/s"),
        MICROHERTZ("uhz", 1e-6, "Hz");

        private final String key;
        private final double scale;
        private final String shown;

        Unit(String key, double scale, String shown) {
            this.key = key;
            this.scale = scale;
            this.shown = shown;
        }

        String key() {
            return key;
        }

        String text(OptionalDouble value) {
            return value.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f %s", value.getAsDouble() * scale, shown);
        }
    }

    /** On which side of the target a value must be. */
    public enum Bound {
        AT_MOST,
        AT_LEAST
    }

    /** Which of the values the target is for. */
    public enum Judge {
        MEDIAN,
        WORST
    }

    /** The ratios of times, which must be at most the target. */
    public static Row ratio(String key, String title, List<Long> java, List<Long> other, OptionalDouble target) {
        return ratio(key, title, java, other, Unit.NANOSECONDS, target, Bound.AT_MOST);
    }

    /** The same where a run may have failed: only pairs in which both were measured are compared. */
    public static Row ratioOfPairs(
            String key, String title, List<OptionalLong> java, List<OptionalLong> other, OptionalDouble target) {
        List<Long> javaOfPairs = new ArrayList<>();
        List<Long> otherOfPairs = new ArrayList<>();
        for (int pair = 0; pair < Math.min(java.size(), other.size()); pair++) {
            if (java.get(pair).isPresent() && other.get(pair).isPresent()) {
                javaOfPairs.add(java.get(pair).getAsLong());
                otherOfPairs.add(other.get(pair).getAsLong());
            }
        }
        return ratio(key, title, javaOfPairs, otherOfPairs, target);
    }

    /** The ratios of what was measured in Java and in another program, in pairs. */
    public static Row ratio(
            String key,
            String title,
            List<Long> java,
            List<Long> other,
            Unit unit,
            OptionalDouble target,
            Bound bound) {
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
                unit,
                target,
                bound,
                Judge.MEDIAN,
                ratios.length == 0 ? "no pair of runs was complete" : "");
    }

    /** Counts, of which the worst must be at most the target. The remark is of the values: without any there is another. */
    public static Row count(String key, String title, List<Long> values, OptionalDouble target, String remark) {
        return new Row(
                key,
                title,
                values.stream().map(Long::doubleValue).toList(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Unit.NANOSECONDS,
                target,
                Bound.AT_MOST,
                Judge.WORST,
                values.isEmpty() ? "no run was complete" : remark);
    }

    /** A figure that could not be measured. */
    public static Row leftOut(String key, String title, OptionalDouble target, String reason) {
        return new Row(
                key,
                title,
                List.of(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Unit.NANOSECONDS,
                target,
                Bound.AT_MOST,
                Judge.WORST,
                reason);
    }

    /** The same figure with a remark, if there is one; else with the remark that it has. */
    public Row remarked(String newRemark) {
        return newRemark.isEmpty()
                ? this
                : new Row(key, title, values, java, other, unit, target, bound, judge, newRemark);
    }

    /** The same figure, whose worst value must meet the target. */
    public Row judgedByTheWorst(String newRemark) {
        return new Row(key, title, values, java, other, unit, target, bound, Judge.WORST, newRemark);
    }

    private static OptionalDouble median(double[] values) {
        Arrays.sort(values);
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[values.length / 2]);
    }

    /** The median of the values. */
    public OptionalDouble median() {
        return median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private double min() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    private double max() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** Whether the target is met; empty if there is no target or no value. */
    public Optional<Boolean> isMet() {
        if (target.isEmpty() || values.isEmpty()) {
            return Optional.empty();
        }
        if (bound == Bound.AT_MOST) {
            return Optional.of((judge == Judge.MEDIAN ? median().orElseThrow() : max()) <= target.getAsDouble());
        }
        return Optional.of((judge == Judge.MEDIAN ? median().orElseThrow() : min()) >= target.getAsDouble());
    }

    /** One line of the table. */
    String line() {
        if (values.isEmpty()) {
            return String.format(Locale.ROOT, "%-44s left out: %s", title, remark);
        }
        String line = String.format(
                Locale.ROOT,
                "%-44s %12s %12s %9.2f %8.2f %8.2f %8s %-6s %s",
                title,
                unit.text(java),
                unit.text(other),
                median().orElseThrow(),
                min(),
                max(),
                target.isEmpty()
                        ? ""
                        : String.format(
                                Locale.ROOT, "%s%.2f", bound == Bound.AT_MOST ? "<=" : ">=", target.getAsDouble()),
                isMet().map(met -> met ? "met" : "MISSED").orElse(""),
                remark);
        return line.stripTrailing();
    }
}
