package org.shmrt.bench.rig.scenario;

import java.util.Arrays;
import java.util.List;

/**
 * How long to measure what.
 *
 * @param exchanges what is sent
 * @param layout whose files the streams are, where an exchange does not need one of them
 * @param pairs runs of each exchange, by turns with those it is compared with
 * @param runNs how long a run takes about
 * @param warmupNs how long an exchange that needs it runs at least before the first run
 * @param budgetNs how long all may take: what does not fit is left out
 */
public record Plan(List<Scenario> exchanges, Layout layout, int pairs, long runNs, long warmupNs, long budgetNs) {
    /** A run may be this much longer than planned, on a machine that has much else to do. */
    private static final long PATIENCE_NS = 10_000_000_000L;

    /** How long a process may be silent. */
    public long silenceNs() {
        return PATIENCE_NS + 10 * (runNs + warmupNs);
    }

    /** The exchanges, those compared with each other together. */
    public List<List<Scenario>> groups() {
        return Arrays.stream(Group.values())
                .map(group -> exchanges.stream()
                        .filter(exchange -> exchange.group() == group)
                        .toList())
                .filter(group -> !group.isEmpty())
                .toList();
    }
}
