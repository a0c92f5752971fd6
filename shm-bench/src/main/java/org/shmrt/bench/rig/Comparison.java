package org.shmrt.bench.rig;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * Two exchanges compared. Each figure is of two runs made shortly after each other, for the most part the quotient of
 * their percentiles; what counts is the median of all such pairs.
 *
 * @param key name in the report
 * @param over the numerator
 * @param under the denominator
 * @param percent the percentile compared
 * @param target what it should be at most, or {@link #NO_TARGET}
 * @param isQuick whether the quick measurement has it
 * @param figure what is made of the two percentiles
 */
record Comparison(
        String key,
        Exchange over,
        Exchange under,
        double percent,
        double target,
        boolean isQuick,
        DoubleBinaryOperator figure) {
    static final double NO_TARGET = Double.NaN;

    /** Readers in {@link Exchange#PUBLISH_R10} beyond those of {@link Exchange#PUBLISH_R1}. */
    private static final int FURTHER_READERS = Exchange.PUBLISH_R10.readers() - Exchange.PUBLISH_R1.readers();

    static final List<Comparison> ALL = List.of(
            target("counter_spin_p50_vs_c", Exchange.COUNTER, Exchange.COUNTER_C, 1.05),
            ratio("counter_spin_p999_vs_c", Exchange.COUNTER, Exchange.COUNTER_C, 99.9, 1.5, true),
            target("counter_reader_p50_vs_c", Exchange.COUNTER_READER, Exchange.COUNTER_C, NO_TARGET),
            other("varhandle_spin_p50_vs_c", Exchange.VARHANDLE, Exchange.COUNTER_C),
            target("semaphore_p50_vs_c", Exchange.SEMAPHORE, Exchange.SEMAPHORE_C, 1.05),
            target("hybrid_p50_vs_semaphore", Exchange.HYBRID_100US, Exchange.SEMAPHORE_100US, 0.1),
            other("frame64_copy_p50_vs_lean_c", Exchange.FRAME_64_COPY, Exchange.FRAME_64_COPY_LEAN_C),
            target("frame512_spin_p50_vs_c", Exchange.FRAME_512, Exchange.FRAME_512_C, 0.2),
            ratio("frame512_spin_p999_vs_c", Exchange.FRAME_512, Exchange.FRAME_512_C, 99.9, NO_TARGET, true),
            other("frame512_copy_p50_vs_c", Exchange.FRAME_512_COPY, Exchange.FRAME_512_COPY_C),
            target("frame4k_spin_p50_vs_c", Exchange.FRAME_4K, Exchange.FRAME_4K_C, 0.35),
            ratio("frame4k_spin_p999_vs_c", Exchange.FRAME_4K, Exchange.FRAME_4K_C, 99.9, NO_TARGET, true),
            other("frame4k_copy_p50_vs_c", Exchange.FRAME_4K_COPY, Exchange.FRAME_4K_COPY_C),
            other("frame4k_copy_p50_vs_lean_c", Exchange.FRAME_4K_COPY, Exchange.FRAME_4K_COPY_LEAN_C),
            target("frame64k_spin_p50_vs_c", Exchange.FRAME_64K, Exchange.FRAME_64K_C, 0.9),
            ratio("frame64k_spin_p999_vs_c", Exchange.FRAME_64K, Exchange.FRAME_64K_C, 99.9, NO_TARGET, true),
            target("frame64k_copy_p50_vs_c", Exchange.FRAME_64K_COPY, Exchange.FRAME_64K_COPY_C, 1.0),
            other("frame64k_copy_p50_vs_lean_c", Exchange.FRAME_64K_COPY, Exchange.FRAME_64K_COPY_LEAN_C),
            target("frame64k_p50_vs_milk_real", Exchange.FRAME_64K, Exchange.MILK_REAL_64K, NO_TARGET),
            target("frame64k_p50_vs_aeron", Exchange.FRAME_64K, Exchange.AERON_64K, 0.5),
            target("frame64k_ring_p50_vs_aeron", Exchange.FRAME_64K_RING, Exchange.AERON_64K, 0.5),
            other("frame64k_copy_p50_vs_aeron", Exchange.FRAME_64K_COPY, Exchange.AERON_64K),
            target("frame64k_p50_vs_chronicle", Exchange.FRAME_64K, Exchange.CHRONICLE_64K, 0.05),
            other("frame64k_ring_p50_vs_chronicle", Exchange.FRAME_64K_RING, Exchange.CHRONICLE_64K),
            target("frame64k_p50_vs_mappedbytebuffer", Exchange.FRAME_64K_COPY, Exchange.MAPPED_64K, NO_TARGET),
            target("frame64k_p50_vs_unix_socket", Exchange.FRAME_64K_COPY, Exchange.SOCKET_64K, NO_TARGET),
            target("frame64k_p50_vs_dao_sleeping_spin", Exchange.FRAME_64K_DAO, Exchange.DAO_SLEEP_64K_C, 1.0 / 30),
            target("frame64k_p50_vs_dao_real", Exchange.FRAME_64K_DAO, Exchange.DAO_REAL_64K, 1.0 / 30),
            other("frame64k_p50_vs_dao_order_c", Exchange.FRAME_64K_DAO, Exchange.DAO_64K_C),
            target("msg32_p50_vs_agrona", Exchange.MESSAGE_32, Exchange.AGRONA_32, 0.9),
            target("msg32_p50_vs_aeron", Exchange.MESSAGE_32, Exchange.AERON_32, 0.8),
            other("msg32_copy_p50_vs_agrona", Exchange.MESSAGE_32_COPY, Exchange.AGRONA_32),
            other("msg32_p50_vs_mappedbytebuffer", Exchange.MESSAGE_32, Exchange.MAPPED_32),
            other("msg32_p50_vs_chronicle", Exchange.MESSAGE_32, Exchange.CHRONICLE_32),
            other("msg32_p50_vs_unix_socket", Exchange.MESSAGE_32, Exchange.SOCKET_32),
            perReader("writer_ns_per_reader", Exchange.PUBLISH_R10, Exchange.PUBLISH_R1, 5),
            perReader("writer_ns_per_reader_c", Exchange.PUBLISH_R10_C, Exchange.PUBLISH_R1_C, NO_TARGET),
            other("publish_10_readers_p50_vs_c", Exchange.PUBLISH_R10, Exchange.PUBLISH_R10_C),
            target("publish_read_4k_p50_vs_memcpy", Exchange.CYCLE_4K, Exchange.MEMCPY_4K, 1.1),
            memcpy("publish_read_64k_p50_vs_memcpy", Exchange.CYCLE_64K, Exchange.MEMCPY_64K),
            target("publish_read_1m_p50_vs_memcpy", Exchange.CYCLE_1M, Exchange.MEMCPY_1M, 1.1),
            target("publish_read_16m_p50_vs_memcpy", Exchange.CYCLE_16M, Exchange.MEMCPY_16M, 1.1),
            memcpy("publish_read_64m_p50_vs_memcpy", Exchange.CYCLE_64M, Exchange.MEMCPY_64M),
            other("publish_read_4k_p50_vs_memcpy_c", Exchange.CYCLE_4K, Exchange.MEMCPY_4K_C),
            other("publish_read_64k_p50_vs_memcpy_c", Exchange.CYCLE_64K, Exchange.MEMCPY_64K_C),
            other("publish_read_1m_p50_vs_memcpy_c", Exchange.CYCLE_1M, Exchange.MEMCPY_1M_C),
            other("publish_read_16m_p50_vs_memcpy_c", Exchange.CYCLE_16M, Exchange.MEMCPY_16M_C),
            other("publish_read_64m_p50_vs_memcpy_c", Exchange.CYCLE_64M, Exchange.MEMCPY_64M_C),
            other("spin_1ms_p50_vs_semaphore", Exchange.SPIN_1MS, Exchange.SEMAPHORE_1MS),
            other("backoff_1ms_p50_vs_semaphore", Exchange.BACKOFF_1MS, Exchange.SEMAPHORE_1MS),
            other("sleep50_1ms_p50_vs_semaphore", Exchange.SLEEP50_1MS, Exchange.SEMAPHORE_1MS),
            other("hybrid_1ms_p50_vs_semaphore", Exchange.HYBRID_1MS, Exchange.SEMAPHORE_1MS),
            other("ring4_p50_vs_ring1", Exchange.RING_4, Exchange.RING_1),
            other("ring16_p50_vs_ring1", Exchange.RING_16, Exchange.RING_1),
            other("frame1m_spin_p50_vs_c", Exchange.FRAME_1M, Exchange.FRAME_1M_C),
            other("frame1m_copy_p50_vs_c", Exchange.FRAME_1M_COPY, Exchange.FRAME_1M_COPY_C),
            other("frame16m_spin_p50_vs_c", Exchange.FRAME_16M, Exchange.FRAME_16M_C),
            other("frame16m_copy_p50_vs_c", Exchange.FRAME_16M_COPY, Exchange.FRAME_16M_COPY_C));

    private static Comparison ratio(
            String key, Exchange over, Exchange under, double percent, double target, boolean isQuick) {
        return new Comparison(key, over, under, percent, target, isQuick, (a, b) -> a / b);
    }

    private static Comparison target(String key, Exchange over, Exchange under, double target) {
        return ratio(key, over, under, 50, target, true);
    }

    private static Comparison memcpy(String key, Exchange over, Exchange under) {
        return ratio(key, over, under, 50, 1.1, false);
    }

    private static Comparison other(String key, Exchange over, Exchange under) {
        return ratio(key, over, under, 50, NO_TARGET, false);
    }

    private static Comparison perReader(String key, Exchange many, Exchange one, double targetNs) {
        return new Comparison(key, many, one, 50, targetNs, true, (a, b) -> (a - b) / FURTHER_READERS);
    }

    /** Those both of whose exchanges were measured. */
    static List<Ratio> of(List<Outcome> outcomes) {
        List<Ratio> ratios = new ArrayList<>();
        for (Comparison comparison : ALL) {
            Outcome over = find(outcomes, comparison.over);
            Outcome under = find(outcomes, comparison.under);
            if (over != null && under != null) {
                ratios.add(comparison.ratio(over, under));
            }
        }
        return ratios;
    }

    private static Outcome find(List<Outcome> outcomes, Exchange exchange) {
        return outcomes.stream()
                .filter(outcome -> outcome.exchange() == exchange)
                .findFirst()
                .orElse(null);
    }

    private Ratio ratio(Outcome over, Outcome under) {
        List<Double> pairs = new ArrayList<>();
        for (int i = 0; i < Math.min(over.runs().size(), under.runs().size()); i++) {
            if (over.runs().get(i).isGood() && under.runs().get(i).isGood()) {
                pairs.add(figure.applyAsDouble(
                        over.percentileNs(over.runs().get(i), percent),
                        under.percentileNs(under.runs().get(i), percent)));
            }
        }
        String missing = !pairs.isEmpty()
                ? null
                : over.skipped() != null
                        ? over + ": " + over.skipped()
                        : under.skipped() != null ? under + ": " + under.skipped() : "no pair of runs is good";
        return new Ratio(this, pairs, missing);
    }

    /**
     * What came of it.
     *
     * @param comparison what was compared
     * @param pairs one figure for each pair of good runs
     * @param missing why there is none, or null
     */
    record Ratio(Comparison comparison, List<Double> pairs, String missing) {
        String key() {
            return comparison.key;
        }

        double median() {
            return Outcome.median(pairs);
        }

        double least() {
            return pairs.stream().min(Double::compare).orElse(0.0);
        }

        double greatest() {
            return pairs.stream().max(Double::compare).orElse(0.0);
        }

        boolean hasTarget() {
            return !Double.isNaN(comparison.target);
        }

        boolean isMet() {
            return median() <= comparison.target;
        }
    }
}
