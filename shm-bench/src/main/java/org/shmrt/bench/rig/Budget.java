package org.shmrt.bench.rig;

import java.util.Locale;
import org.shmrt.bench.rig.scenario.Group;
import org.shmrt.bench.rig.scenario.Plan;

/** The time limit of a measurement, divided among the groups so that the last one gets its share too. */
final class Budget {
    private final long deadlineNs;
    private final long totalNs;
    private long remainingScenarios;
    private long groupDeadlineNs;

    Budget(Plan plan) {
        totalNs = plan.budgetNs();
        deadlineNs = System.nanoTime() + totalNs;
        remainingScenarios = plan.scenarios().size();
        groupDeadlineNs = deadlineNs;
    }

    /**
     * Gives a group its share of the remaining time, in proportion to its size.
     *
     * @param size number of scenarios of the group
     * @return a line that reports the progress
     */
    String begin(Group group, int size) {
        long nowNs = System.nanoTime();
        double share = (double) size / Math.max(1, remainingScenarios);
        groupDeadlineNs = nowNs + (long) ((deadlineNs - nowNs) * share);
        remainingScenarios -= size;
        return String.format(
                Locale.ROOT,
                "%3.0f of at most %.0f s: %s",
                (nowNs - deadlineNs + totalNs) / 1e9,
                totalNs / 1e9,
                group.title());
    }

    boolean isSpent() {
        return System.nanoTime() - deadlineNs >= 0;
    }

    boolean isGroupSpent() {
        return System.nanoTime() - groupDeadlineNs >= 0;
    }

    /** Why a scenario is left out once the budget is spent. */
    String reason() {
        return "no time was left: the time limit is " + totalNs / 1_000_000_000L
                + " s (--budget), and this machine is slow or busy";
    }
}
