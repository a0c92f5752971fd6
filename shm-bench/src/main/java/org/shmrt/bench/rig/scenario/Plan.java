package org.shmrt.bench.rig.scenario;

import java.util.Arrays;
import java.util.List;

/**
 * What to measure, and for how long.
 *
 * @param scenarios what is measured
 * @param layout the format of the streams of scenarios that do not require a particular one
 * @param pairs number of runs of each scenario, interleaved with those of the scenarios it is compared with
 * @param runNs approximate duration of a run
 * @param warmupNs minimum time that a scenario in Java runs before its first measured run
 * @param budgetNs time limit for everything: scenarios that do not fit are left out
 */
public record Plan(List<Scenario> scenarios, Layout layout, int pairs, long runNs, long warmupNs, long budgetNs) {
    /** A run can take this much longer than planned on a busy machine. */
    private static final long SLACK_NS = 60_000_000_000L;

    /** How long a process may print nothing. */
    public long silenceNs() {
        return SLACK_NS + 10 * (runNs + warmupNs);
    }

    /** The scenarios, grouped by comparison. */
    public List<List<Scenario>> groups() {
        return Arrays.stream(Group.values())
                .map(group -> scenarios.stream()
                        .filter(scenario -> scenario.group() == group)
                        .toList())
                .filter(group -> !group.isEmpty())
                .toList();
    }
}
