package org.shmrt.bench.rig;

import java.util.ArrayList;
import java.util.List;

/**
 * Two exchanges, one over the other. Each ratio is the quotient of percentiles of two runs made right after each
 * other; what counts is the median of all such pairs.
 *
 * @param key name in the report
 * @param over the numerator
 * @param under the denominator
 * @param percent the percentile compared
 * @param isTarget whether the quick measurement has it
 */
record Comparison(String key, Exchange over, Exchange under, double percent, boolean isTarget) {
    static final List<Comparison> ALL = List.of(
            target("counter_spin_p50_vs_c", Exchange.COUNTER, Exchange.COUNTER_C),
            new Comparison("counter_spin_p999_vs_c", Exchange.COUNTER, Exchange.COUNTER_C, 99.9, true),
            other("varhandle_spin_p50_vs_c", Exchange.VARHANDLE, Exchange.COUNTER_C),
            target("semaphore_p50_vs_c", Exchange.SEMAPHORE, Exchange.SEMAPHORE_C),
            target("hybrid_p50_vs_semaphore", Exchange.HYBRID_100US, Exchange.SEMAPHORE_100US),
            other("frame64_copy_p50_vs_lean_c", Exchange.FRAME_64_COPY, Exchange.FRAME_64_COPY_LEAN_C),
            target("frame512_spin_p50_vs_c", Exchange.FRAME_512, Exchange.FRAME_512_C),
            target("frame4k_spin_p50_vs_c", Exchange.FRAME_4K, Exchange.FRAME_4K_C),
            other("frame4k_copy_p50_vs_c", Exchange.FRAME_4K_COPY, Exchange.FRAME_4K_COPY_C),
            other("frame4k_copy_p50_vs_lean_c", Exchange.FRAME_4K_COPY, Exchange.FRAME_4K_COPY_LEAN_C),
            target("frame64k_spin_p50_vs_c", Exchange.FRAME_64K, Exchange.FRAME_64K_C),
            target("frame64k_copy_p50_vs_c", Exchange.FRAME_64K_COPY, Exchange.FRAME_64K_COPY_C),
            other("frame64k_copy_p50_vs_lean_c", Exchange.FRAME_64K_COPY, Exchange.FRAME_64K_COPY_LEAN_C),
            target("frame64k_p50_vs_aeron", Exchange.FRAME_64K_COPY, Exchange.AERON_64K),
            target("msg32_p50_vs_agrona", Exchange.MESSAGE_32, Exchange.AGRONA_32),
            target("msg32_p50_vs_aeron", Exchange.MESSAGE_32, Exchange.AERON_32));

    private static Comparison target(String key, Exchange over, Exchange under) {
        return new Comparison(key, over, under, 50, true);
    }

    private static Comparison other(String key, Exchange over, Exchange under) {
        return new Comparison(key, over, under, 50, false);
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
        return outcomes.stream().filter(outcome -> outcome.exchange() == exchange).findFirst().orElse(null);
    }

    private Ratio ratio(Outcome over, Outcome under) {
        List<Double> pairs = new ArrayList<>();
        for (int i = 0; i < Math.min(over.runs().size(), under.runs().size()); i++) {
            if (over.runs().get(i).isGood() && under.runs().get(i).isGood()) {
                pairs.add(over.percentileNs(over.runs().get(i), percent)
                        / under.percentileNs(under.runs().get(i), percent));
            }
        }
        String missing = !pairs.isEmpty() ? null
                : over.skipped() != null ? over + ": " + over.skipped()
                : under.skipped() != null ? under + ": " + under.skipped()
                : "no pair of runs is good";
        return new Ratio(this, pairs, missing);
    }

    /**
     * What came of it.
     *
     * @param comparison what was compared
     * @param pairs one quotient for each pair of good runs
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
    }
}
