package org.shmrt.bench.rig.scenario;

import java.util.List;
import java.util.Locale;
import org.shmrt.bench.rig.report.Outcome;

/** The time a measurement has, dealt out so that the last group of exchanges gets its share too. */
public final class Budget {
    private final long endNs;
    private final long wholeNs;
    private long contestantsLeft;
    private long groupEndNs;

    public Budget(Plan plan) {
        wholeNs = plan.budgetNs();
        endNs = System.nanoTime() + wholeNs;
        contestantsLeft = plan.exchanges().size();
        groupEndNs = endNs;
    }

    /** Gives a group its share of what is left, by its size, and says so. */
    public String begin(List<Outcome> group) {
        long nowNs = System.nanoTime();
        double share = (double) group.size() / Math.max(1, contestantsLeft);
        groupEndNs = nowNs + (long) ((endNs - nowNs) * share);
        contestantsLeft -= group.size();
        return String.format(
                Locale.ROOT,
                "%3.0f of at most %.0f s: %s",
                (nowNs - endNs + wholeNs) / 1e9,
                wholeNs / 1e9,
                group.getFirst().exchange().group().title());
    }

    public boolean isSpent() {
        return System.nanoTime() - endNs >= 0;
    }

    public boolean isGroupSpent() {
        return System.nanoTime() - groupEndNs >= 0;
    }

    public String reason() {
        return "no time was left: all together may take " + wholeNs / 1_000_000_000L
                + " s, and this machine is slow or busy";
    }
}
