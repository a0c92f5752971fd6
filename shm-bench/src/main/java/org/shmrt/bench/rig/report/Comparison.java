package org.shmrt.bench.rig.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.shmrt.bench.rig.process.Run;
import org.shmrt.bench.rig.scenario.Scenario;

/**
 * A comparison of two scenarios. Each figure comes from two runs that are adjacent in time; it is usually the quotient of
 * their percentiles. The result is the median over all pairs of runs.
 *
 * @param key name in the report
 * @param numerator the scenario that is compared
 * @param denominator the scenario that it is compared with
 * @param percent the percentile
 * @param target the largest acceptable value, or {@link #NO_TARGET}
 * @param isQuick whether {@code --quick} includes it
 * @param figure computes the figure from the two percentiles
 */
public record Comparison(
        String key,
        Scenario numerator,
        Scenario denominator,
        double percent,
        double target,
        boolean isQuick,
        DoubleBinaryOperator figure) {
    static final double NO_TARGET = Double.NaN;

    /** How many more readers {@link Scenario#PUBLISH_R10} has than {@link Scenario#PUBLISH_R1}. */
    private static final int ADDITIONAL_READERS = Scenario.PUBLISH_R10.readers() - Scenario.PUBLISH_R1.readers();

    public static final List<Comparison> ALL = List.of(
            target("counter_spin_p50_vs_c", Scenario.COUNTER, Scenario.COUNTER_C, 1.05),
            ratio("counter_spin_p999_vs_c", Scenario.COUNTER, Scenario.COUNTER_C, 99.9, 1.5, true),
            target("counter_reader_p50_vs_c", Scenario.COUNTER_READER, Scenario.COUNTER_C, NO_TARGET),
            other("varhandle_spin_p50_vs_c", Scenario.VARHANDLE, Scenario.COUNTER_C),
            target("semaphore_p50_vs_c", Scenario.SEMAPHORE, Scenario.SEMAPHORE_C, 1.05),
            target("hybrid_p50_vs_semaphore", Scenario.HYBRID_100US, Scenario.SEMAPHORE_100US, 0.1),
            other("frame64_copy_p50_vs_lean_c", Scenario.FRAME_64_COPY, Scenario.FRAME_64_COPY_LEAN_C),
            target("frame512_spin_p50_vs_c", Scenario.FRAME_512, Scenario.FRAME_512_C, 0.2),
            ratio("frame512_spin_p999_vs_c", Scenario.FRAME_512, Scenario.FRAME_512_C, 99.9, NO_TARGET, true),
            other("frame512_p50_vs_iceoryx", Scenario.FRAME_512, Scenario.ICEORYX_512),
            other("frame512_copy_p50_vs_c", Scenario.FRAME_512_COPY, Scenario.FRAME_512_COPY_C),
            target("frame4k_spin_p50_vs_c", Scenario.FRAME_4K, Scenario.FRAME_4K_C, 0.35),
            ratio("frame4k_spin_p999_vs_c", Scenario.FRAME_4K, Scenario.FRAME_4K_C, 99.9, NO_TARGET, true),
            other("frame4k_p50_vs_iceoryx", Scenario.FRAME_4K, Scenario.ICEORYX_4K),
            other("frame4k_copy_p50_vs_c", Scenario.FRAME_4K_COPY, Scenario.FRAME_4K_COPY_C),
            other("frame4k_copy_p50_vs_lean_c", Scenario.FRAME_4K_COPY, Scenario.FRAME_4K_COPY_LEAN_C),
            target("frame64k_spin_p50_vs_c", Scenario.FRAME_64K, Scenario.FRAME_64K_C, 0.9),
            ratio("frame64k_spin_p999_vs_c", Scenario.FRAME_64K, Scenario.FRAME_64K_C, 99.9, NO_TARGET, true),
            target("frame64k_copy_p50_vs_c", Scenario.FRAME_64K_COPY, Scenario.FRAME_64K_COPY_C, 1.0),
            other("frame64k_copy_p50_vs_lean_c", Scenario.FRAME_64K_COPY, Scenario.FRAME_64K_COPY_LEAN_C),
            target("frame64k_p50_vs_milk_real", Scenario.FRAME_64K, Scenario.MILK_REAL_64K, NO_TARGET),
            other("frame64k_p50_vs_iceoryx", Scenario.FRAME_64K, Scenario.ICEORYX_64K),
            target("frame64k_p50_vs_aeron", Scenario.FRAME_64K, Scenario.AERON_64K, 0.5),
            target("frame64k_ring_p50_vs_aeron", Scenario.FRAME_64K_RING, Scenario.AERON_64K, 0.5),
            target("frame64k_ring32_p50_vs_aeron", Scenario.FRAME_64K_RING_32, Scenario.AERON_64K, 0.9),
            target("frame64k_ring256_p50_vs_aeron", Scenario.FRAME_64K_RING_256, Scenario.AERON_64K, 0.9),
            other("frame64k_copy_p50_vs_aeron", Scenario.FRAME_64K_COPY, Scenario.AERON_64K),
            target("frame64k_p50_vs_chronicle", Scenario.FRAME_64K, Scenario.CHRONICLE_64K, 0.05),
            other("frame64k_ring_p50_vs_chronicle", Scenario.FRAME_64K_RING, Scenario.CHRONICLE_64K),
            target("frame64k_p50_vs_mappedbytebuffer", Scenario.FRAME_64K_COPY, Scenario.MAPPED_64K, NO_TARGET),
            target("frame64k_p50_vs_unix_socket", Scenario.FRAME_64K_COPY, Scenario.SOCKET_64K, NO_TARGET),
            target("frame64k_p50_vs_dao_sleeping_spin", Scenario.FRAME_64K_DAO, Scenario.DAO_SLEEP_64K_C, 1.0 / 30),
            target("frame64k_p50_vs_dao_real", Scenario.FRAME_64K_DAO, Scenario.DAO_REAL_64K, 1.0 / 30),
            other("frame64k_p50_vs_dao_order_c", Scenario.FRAME_64K_DAO, Scenario.DAO_64K_C),
            target("msg32_p50_vs_agrona", Scenario.MESSAGE_32, Scenario.AGRONA_32, 0.9),
            target("msg32_p50_vs_aeron", Scenario.MESSAGE_32, Scenario.AERON_32, 0.8),
            other("msg32_p50_vs_iceoryx", Scenario.MESSAGE_32, Scenario.ICEORYX_32),
            other("msg32_copy_p50_vs_agrona", Scenario.MESSAGE_32_COPY, Scenario.AGRONA_32),
            other("msg32_p50_vs_mappedbytebuffer", Scenario.MESSAGE_32, Scenario.MAPPED_32),
            other("msg32_p50_vs_chronicle", Scenario.MESSAGE_32, Scenario.CHRONICLE_32),
            other("msg32_p50_vs_unix_socket", Scenario.MESSAGE_32, Scenario.SOCKET_32),
            perReader("writer_ns_per_reader", Scenario.PUBLISH_R10, Scenario.PUBLISH_R1, 5),
            perReader("writer_ns_per_reader_c", Scenario.PUBLISH_R10_C, Scenario.PUBLISH_R1_C, NO_TARGET),
            other("publish_10_readers_p50_vs_c", Scenario.PUBLISH_R10, Scenario.PUBLISH_R10_C),
            target("publish_read_4k_p50_vs_memcpy", Scenario.CYCLE_4K, Scenario.MEMCPY_4K, 1.1),
            memcpy("publish_read_64k_p50_vs_memcpy", Scenario.CYCLE_64K, Scenario.MEMCPY_64K),
            target("publish_read_1m_p50_vs_memcpy", Scenario.CYCLE_1M, Scenario.MEMCPY_1M, 1.1),
            target("publish_read_16m_p50_vs_memcpy", Scenario.CYCLE_16M, Scenario.MEMCPY_16M, 1.1),
            memcpy("publish_read_64m_p50_vs_memcpy", Scenario.CYCLE_64M, Scenario.MEMCPY_64M),
            other("publish_read_4k_p50_vs_memcpy_c", Scenario.CYCLE_4K, Scenario.MEMCPY_4K_C),
            other("publish_read_64k_p50_vs_memcpy_c", Scenario.CYCLE_64K, Scenario.MEMCPY_64K_C),
            other("publish_read_1m_p50_vs_memcpy_c", Scenario.CYCLE_1M, Scenario.MEMCPY_1M_C),
            other("publish_read_16m_p50_vs_memcpy_c", Scenario.CYCLE_16M, Scenario.MEMCPY_16M_C),
            other("publish_read_64m_p50_vs_memcpy_c", Scenario.CYCLE_64M, Scenario.MEMCPY_64M_C),
            other("spin_1ms_p50_vs_semaphore", Scenario.SPIN_1MS, Scenario.SEMAPHORE_1MS),
            other("backoff_1ms_p50_vs_semaphore", Scenario.BACKOFF_1MS, Scenario.SEMAPHORE_1MS),
            other("sleep50_1ms_p50_vs_semaphore", Scenario.SLEEP50_1MS, Scenario.SEMAPHORE_1MS),
            other("hybrid_1ms_p50_vs_semaphore", Scenario.HYBRID_1MS, Scenario.SEMAPHORE_1MS),
            other("ring4_p50_vs_ring1", Scenario.RING_4, Scenario.RING_1),
            other("ring16_p50_vs_ring1", Scenario.RING_16, Scenario.RING_1),
            other("ring32_p50_vs_ring1", Scenario.RING_32, Scenario.RING_1),
            other("ring64_p50_vs_ring1", Scenario.RING_64, Scenario.RING_1),
            other("ring256_p50_vs_ring1", Scenario.RING_256, Scenario.RING_1),
            other("frame1m_spin_p50_vs_c", Scenario.FRAME_1M, Scenario.FRAME_1M_C),
            other("frame1m_copy_p50_vs_c", Scenario.FRAME_1M_COPY, Scenario.FRAME_1M_COPY_C),
            other("frame16m_spin_p50_vs_c", Scenario.FRAME_16M, Scenario.FRAME_16M_C),
            other("frame16m_copy_p50_vs_c", Scenario.FRAME_16M_COPY, Scenario.FRAME_16M_COPY_C));

    private static Comparison ratio(
            String key, Scenario numerator, Scenario denominator, double percent, double target, boolean isQuick) {
        return new Comparison(key, numerator, denominator, percent, target, isQuick, (a, b) -> a / b);
    }

    private static Comparison target(String key, Scenario numerator, Scenario denominator, double target) {
        return ratio(key, numerator, denominator, 50, target, true);
    }

    private static Comparison memcpy(String key, Scenario numerator, Scenario denominator) {
        return ratio(key, numerator, denominator, 50, 1.1, false);
    }

    private static Comparison other(String key, Scenario numerator, Scenario denominator) {
        return ratio(key, numerator, denominator, 50, NO_TARGET, false);
    }

    private static Comparison perReader(String key, Scenario many, Scenario one, double targetNs) {
        return new Comparison(key, many, one, 50, targetNs, true, (a, b) -> (a - b) / ADDITIONAL_READERS);
    }

    /** The scenarios of {@code --quick}: those of the quick comparisons. */
    public static List<Scenario> quickScenarios() {
        return Arrays.stream(Scenario.values())
                .filter(scenario -> ALL.stream()
                        .filter(Comparison::isQuick)
                        .anyMatch(comparison -> comparison.numerator == scenario || comparison.denominator == scenario))
                .toList();
    }

    /** The ratios of all comparisons whose two scenarios are in a measurement. */
    public static List<Ratio> of(List<Outcome> outcomes) {
        List<Ratio> ratios = new ArrayList<>();
        for (Comparison comparison : ALL) {
            Optional<Outcome> numerator = find(outcomes, comparison.numerator);
            Optional<Outcome> denominator = find(outcomes, comparison.denominator);
            if (numerator.isPresent() && denominator.isPresent()) {
                ratios.add(comparison.ratio(numerator.get(), denominator.get()));
            }
        }
        return ratios;
    }

    static Optional<Outcome> find(List<Outcome> outcomes, Scenario scenario) {
        return outcomes.stream()
                .filter(outcome -> outcome.scenario() == scenario)
                .findFirst();
    }

    private Ratio ratio(Outcome numerator, Outcome denominator) {
        List<Double> pairs = new ArrayList<>();
        int count = Math.min(numerator.runs().size(), denominator.runs().size());
        for (int i = 0; i < count; i++) {
            Run above = numerator.runs().get(i);
            Run below = denominator.runs().get(i);
            if (above.isGood() && below.isGood()) {
                pairs.add(figure.applyAsDouble(
                        numerator.percentileNs(above, percent), denominator.percentileNs(below, percent)));
            }
        }
        return new Ratio(
                this,
                pairs,
                numerator.percentileNs(percent),
                denominator.percentileNs(percent),
                pairs.isEmpty() ? Optional.of(missing(numerator, denominator)) : Optional.empty());
    }

    private static String missing(Outcome numerator, Outcome denominator) {
        return Stream.of(numerator, denominator)
                .filter(outcome -> outcome.skipReason().isPresent())
                .findFirst()
                .map(outcome -> outcome + ": " + outcome.skipReason().get())
                .orElse("no pair of runs is good");
    }

    /**
     * The result of a comparison.
     *
     * @param comparison what was compared
     * @param pairs one figure for each pair of good runs
     * @param numeratorNs the percentile of the first scenario, the median over its good runs
     * @param denominatorNs the same of the second
     * @param missing why there are none, if there are none
     */
    public record Ratio(
            Comparison comparison,
            List<Double> pairs,
            double numeratorNs,
            double denominatorNs,
            Optional<String> missing) {
        public String key() {
            return comparison.key;
        }

        public double median() {
            return Outcome.median(pairs);
        }

        public double min() {
            return pairs.stream().min(Double::compare).orElse(0.0);
        }

        public double max() {
            return pairs.stream().max(Double::compare).orElse(0.0);
        }

        boolean hasTarget() {
            return !Double.isNaN(comparison.target);
        }

        public boolean isMet() {
            return median() <= comparison.target;
        }
    }
}
